-- Contacts that look alike and are not the same person.
CREATE TABLE "duplicate_dismissals" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "one_id" TEXT COLLATE "C" NOT NULL,
    "other_id" TEXT COLLATE "C" NOT NULL,
    "dismissed_at" TIMESTAMPTZ(3) NOT NULL,
    "dismissed_by" TEXT NOT NULL,

    CONSTRAINT "duplicate_dismissals_pkey" PRIMARY KEY ("organization_id","one_id","other_id")
);
