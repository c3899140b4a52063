-- Written with every change and kept for a day: no reference to the organization, whose check would cost an import as much as the row itself.
-- CreateTable
CREATE TABLE "changes" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "transaction_id" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "contact_id" TEXT COLLATE "C",
    "subject_id" TEXT COLLATE "C",
    "fields" TEXT[],
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("organization_id","transaction_id","id")
);
