-- What the program works out of a contact to find it by, and which way of working it out was the last: 0 for what is there and what the release before
-- writes, so that maintenance finds it and writes it again.
ALTER TABLE "contacts"
    ADD COLUMN "search_digits" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "search_terms" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    ADD COLUMN "search_version" INTEGER NOT NULL DEFAULT 0;
