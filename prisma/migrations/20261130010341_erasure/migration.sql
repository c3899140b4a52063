-- Erasure: the proof of it, the proof that consent existed, and the triggers that keep the past let the rows of erased contacts go.

-- AlterTable
ALTER TABLE "idempotency_records" ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "request_id" TEXT;

-- CreateTable
CREATE TABLE "erasures" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT NOT NULL,
    "erased_by" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "addresses" TEXT[],
    "counts" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "erased_consents" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "erasure_id" TEXT COLLATE "C" NOT NULL,
    "channel" "channel" NOT NULL,
    "topic_id" TEXT COLLATE "C",
    "state" "consent_state" NOT NULL,
    "origin" "consent_origin" NOT NULL,
    "lawful_basis" "lawful_basis",
    "text_version" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3),
    "address_kind" "address_kind",
    "address_hash" TEXT COLLATE "C",

    CONSTRAINT "erased_consents_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "erasures_open" ON "erasures"("organization_id", "erased_at") WHERE (completed_at is null);

-- CreateIndex
CREATE UNIQUE INDEX "erasures_contact" ON "erasures"("organization_id", "contact_id");

-- CreateIndex
CREATE INDEX "erased_consents_by_erasure" ON "erased_consents"("organization_id", "erasure_id");

-- AddForeignKey
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "erased_consents" ADD CONSTRAINT "erased_consents_organization_id_erasure_id_fkey" FOREIGN KEY ("organization_id", "erasure_id") REFERENCES "erasures"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- Rows of the past are removed with the contact that they are about, and in no other way.
CREATE FUNCTION refuse_removing_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM "erasures" e
        WHERE e."organization_id" = OLD."organization_id" AND e."contact_id" = OLD."contact_id" AND e."completed_at" IS NULL
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are a record of the past: they are removed only when their contact is erased', TG_TABLE_NAME;
END
$$;

-- Accepted: each trigger is replaced in this transaction, so that the past is never without it.
DROP TRIGGER "lifecycle_transitions_stay" ON "lifecycle_transitions";
CREATE TRIGGER "lifecycle_transitions_stay" BEFORE DELETE ON "lifecycle_transitions"
    FOR EACH ROW EXECUTE FUNCTION refuse_removing_history();
-- Accepted: a trigger that lets erasures pass takes its place in the same transaction.
DROP TRIGGER "consent_records_stay" ON "consent_records";
CREATE TRIGGER "consent_records_stay" BEFORE DELETE ON "consent_records"
    FOR EACH ROW WHEN (OLD."origin"::text <> 'merge') EXECUTE FUNCTION refuse_removing_history();
-- Accepted: a trigger that lets erasures pass takes its place in the same transaction.
DROP TRIGGER "blocks_stay" ON "blocks";
CREATE TRIGGER "blocks_stay" BEFORE DELETE ON "blocks"
    FOR EACH ROW EXECUTE FUNCTION refuse_removing_history();
