-- Contacts that are one person become one. What is on record moves to the contact that stays; the id of the other one refers to it from then on.

-- AlterEnum
ALTER TYPE "consent_origin" ADD VALUE 'merge';

-- AlterTable
ALTER TABLE "contacts" ADD COLUMN "merged_into_id" TEXT COLLATE "C";

-- CreateTable
CREATE TABLE "contact_merges" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "into_id" TEXT COLLATE "C" NOT NULL,
    "from_ids" TEXT[] COLLATE "C",
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "summary" JSONB NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_by" TEXT NOT NULL,
    "unmerged_at" TIMESTAMPTZ(3),
    "unmerged_by" TEXT,

    CONSTRAINT "contact_merges_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "contact_merge_rows" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "merge_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "row_id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "contact_merge_rows_pkey" PRIMARY KEY ("organization_id","merge_id","kind","row_id")
);

-- CreateIndex
CREATE INDEX "contact_merges_by_contact" ON "contact_merges"("organization_id", "into_id", "merged_at");

-- AddForeignKey
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_organization_id_into_id_fkey" FOREIGN KEY ("organization_id", "into_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "contact_merge_rows" ADD CONSTRAINT "contact_merge_rows_organization_id_merge_id_fkey" FOREIGN KEY ("organization_id", "merge_id") REFERENCES "contact_merges"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- What is on record is still not rewritten. The one thing that may change is the contact that it is about.
-- Accepted: the triggers are replaced by wider ones in the same transaction, so that the past is never without them.
DROP TRIGGER "lifecycle_transitions_stay" ON "lifecycle_transitions";
CREATE TRIGGER "lifecycle_transitions_stay" BEFORE DELETE ON "lifecycle_transitions"
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER "lifecycle_transitions_same" BEFORE UPDATE ON "lifecycle_transitions"
    FOR EACH ROW WHEN ((to_jsonb(OLD) - 'contact_id') IS DISTINCT FROM (to_jsonb(NEW) - 'contact_id'))
    EXECUTE FUNCTION refuse_rewriting_history();

-- Refusals that a merge has put on record go with it when it is taken back.
-- Accepted: a wider trigger takes its place in the same transaction.
DROP TRIGGER "consent_records_stay" ON "consent_records";
CREATE TRIGGER "consent_records_stay" BEFORE DELETE ON "consent_records"
    FOR EACH ROW WHEN (OLD."origin"::text <> 'merge') EXECUTE FUNCTION refuse_rewriting_history();
-- Accepted: a wider trigger takes its place in the same transaction.
DROP TRIGGER "consent_records_same" ON "consent_records";
CREATE TRIGGER "consent_records_same" BEFORE UPDATE ON "consent_records"
    FOR EACH ROW
    WHEN ((OLD."address_key" IS NOT NULL AND (to_jsonb(OLD) - 'contact_id') IS DISTINCT FROM (to_jsonb(NEW) - 'contact_id'))
        OR (to_jsonb(OLD) - 'contact_id' - 'address_kind' - 'address_key') IS DISTINCT FROM (to_jsonb(NEW) - 'contact_id' - 'address_kind' - 'address_key'))
    EXECUTE FUNCTION refuse_rewriting_history();

-- Accepted: a wider trigger takes its place in the same transaction.
DROP TRIGGER "blocks_end_once" ON "blocks";
CREATE TRIGGER "blocks_end_once" BEFORE UPDATE ON "blocks"
    FOR EACH ROW
    WHEN ((OLD."unblocked_at" IS NOT NULL AND (to_jsonb(OLD) - 'contact_id') IS DISTINCT FROM (to_jsonb(NEW) - 'contact_id'))
        OR (OLD."organization_id", OLD."id", OLD."blocked_at", OLD."blocked_by") IS DISTINCT FROM
           (NEW."organization_id", NEW."id", NEW."blocked_at", NEW."blocked_by")
        OR OLD."reason" IS DISTINCT FROM NEW."reason")
    EXECUTE FUNCTION refuse_rewriting_history();
