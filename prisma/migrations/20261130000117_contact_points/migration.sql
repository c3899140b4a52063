-- Each address belongs to one living contact, primary or not. Contacts that had one number in two spellings before spellings were compared both keep it:
-- the one whose spelling is not the key shares it.
-- Accepted: it writes the numbers of three countries that two living contacts share, which are few; the release before does not use the table.
UPDATE "contact_addresses" a
SET "is_shared" = s."place" > 1
FROM (
    SELECT "organization_id", "kind", "key", "extension", "contact_id",
        row_number() OVER (PARTITION BY "organization_id", "kind", "key", "extension" ORDER BY "value" <> "key", "created_at", "contact_id") AS "place"
    FROM "contact_addresses"
    WHERE "is_living" AND "value" ~ '^\+(52|54|55)'
) s
WHERE a."is_shared" <> (s."place" > 1) AND a."organization_id" = s."organization_id" AND a."kind" = s."kind" AND a."key" = s."key"
    AND a."extension" = s."extension" AND a."contact_id" = s."contact_id";
