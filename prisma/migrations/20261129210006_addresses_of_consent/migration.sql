-- The ledger gets the address and the topic of each entry.
-- AlterTable
ALTER TABLE "consent_records" ADD COLUMN     "address_key" TEXT COLLATE "C",
ADD COLUMN     "address_kind" "address_kind",
ADD COLUMN     "dedupe_key" TEXT COLLATE "C",
ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "message_id" TEXT COLLATE "C",
ADD COLUMN     "origin" "consent_origin" NOT NULL DEFAULT 'reported',
ADD COLUMN     "proven" BOOLEAN,
ADD COLUMN     "topic_id" TEXT COLLATE "C",
ADD COLUMN     "valid_until" TIMESTAMPTZ(3);

-- The ledger still refuses to be rewritten. The one thing that may be added to an entry is the address of one that has none.
-- Accepted: the trigger is replaced by a wider one in the same transaction, so that the past is never without it.
DROP TRIGGER "consent_records_stay" ON "consent_records";
CREATE TRIGGER "consent_records_stay" BEFORE DELETE ON "consent_records"
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER "consent_records_same" BEFORE UPDATE ON "consent_records"
    FOR EACH ROW
    WHEN (OLD."address_key" IS NOT NULL
        OR (to_jsonb(OLD) - 'address_kind' - 'address_key') IS DISTINCT FROM (to_jsonb(NEW) - 'address_kind' - 'address_key'))
    EXECUTE FUNCTION refuse_rewriting_history();
