-- Consent belongs to a person at an address. The ledger gets the address and the topic of each entry; addresses get a table of their own, which
-- the statements that write contacts keep; what holds for an address whoever has it is the suppression list.

-- CreateEnum
CREATE TYPE "failure_reason" AS ENUM ('hard_bounce', 'soft_bounce', 'complaint', 'unreachable', 'carrier_rejected');

-- CreateEnum
CREATE TYPE "address_kind" AS ENUM ('phone', 'email', 'external');

-- CreateEnum
CREATE TYPE "consent_origin" AS ENUM ('reported', 'keyword', 'complaint', 'import');

-- CreateEnum
CREATE TYPE "topic_default" AS ENUM ('opt_in_needed', 'subscribed');

-- CreateEnum
CREATE TYPE "suppression_reason" AS ENUM ('opt_out', 'keyword', 'complaint', 'erasure', 'manual', 'imported', 'block');

-- DropForeignKey
ALTER TABLE "channel_preferences" DROP CONSTRAINT "channel_preferences_organization_id_record_id_fkey";

-- AlterTable
ALTER TABLE "channel_preferences" ADD COLUMN     "valid_until" TIMESTAMPTZ(3),
ALTER COLUMN "record_id" DROP NOT NULL;

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

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "address_key" TEXT COLLATE "C",
ADD COLUMN     "failure_reason" "failure_reason",
ADD COLUMN     "may_be_opt_out" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "keyword_channels" "channel"[] DEFAULT ARRAY['sms', 'rcs', 'whatsapp']::"channel"[],
ADD COLUMN     "keyword_languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "start_words" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "stop_words" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "contact_addresses" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "kind" "address_kind" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "extension" TEXT NOT NULL DEFAULT '',
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "value" TEXT NOT NULL,
    "label" TEXT,
    "is_primary" BOOLEAN NOT NULL DEFAULT true,
    "is_living" BOOLEAN NOT NULL DEFAULT true,
    "verified_at" TIMESTAMPTZ(3),
    "unreachable_since" TIMESTAMPTZ(3),
    "unreachable_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_addresses_pkey" PRIMARY KEY ("organization_id","kind","key","extension","contact_id")
);

-- CreateTable
CREATE TABLE "topics" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "channels" "channel"[] DEFAULT ARRAY[]::"channel"[],
    "default_state" "topic_default" NOT NULL DEFAULT 'opt_in_needed',
    "category" "message_category" NOT NULL DEFAULT 'marketing',
    "double_opt_in" BOOLEAN NOT NULL DEFAULT false,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "topics_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" "address_kind" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "channel" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "topic_id" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "reason" "suppression_reason" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lift_reason" TEXT,
    "note" TEXT,
    "contact_id" TEXT COLLATE "C",
    "record_id" TEXT COLLATE "C",
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "contact_addresses_by_contact" ON "contact_addresses"("organization_id", "contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "topics_key" ON "topics"("organization_id", "key");

-- CreateIndex
CREATE INDEX "suppressions_by_created" ON "suppressions"("organization_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "suppressions_by_contact" ON "suppressions"("organization_id", "contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "suppressions_address" ON "suppressions"("organization_id", "kind", "key", "channel", "topic_id", "reason");

-- AddForeignKey
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "topics" ADD CONSTRAINT "topics_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

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

-- What is on record already, by address. Nothing of it is loosened: an opt-in whose address is not certain licenses nothing from now on.

-- Accepted: the table is new and only this migration writes to it; contacts are read, not locked.
INSERT INTO "contact_addresses" ("organization_id", "kind", "key", "extension", "contact_id", "value", "is_living", "created_at")
SELECT c."organization_id", a."kind"::"address_kind", a."key", a."extension", c."id", a."value", c."deleted_at" IS NULL, c."created_at"
FROM "contacts" c
CROSS JOIN LATERAL (VALUES
    -- The same as phoneKey in src/kernel/phone-key.ts.
    ('phone', CASE
        WHEN c."phone" ~ '^\+521[0-9]{10}$' THEN '+52' || substr(c."phone", 5)
        WHEN c."phone" ~ '^\+54[123][0-9]{9}$' THEN '+549' || substr(c."phone", 4)
        WHEN c."phone" ~ '^\+55[1-9]{2}[6-9][0-9]{7}$' THEN left(c."phone", 5) || '9' || substr(c."phone", 6)
        ELSE c."phone" END, c."phone_extension", c."phone"),
    ('email', c."email_key", '', c."email")) a("kind", "key", "extension", "value")
WHERE a."key" IS NOT NULL
ON CONFLICT DO NOTHING;

-- Each entry is of the contact's present address, unless the audit log or an import knows that the contact had another one at the time.
-- Accepted: only entries of the ledger are locked, which no one changes; until they have an address their opt-ins license nothing.
UPDATE "consent_records" r
SET "address_kind" = a."kind", "address_key" = a."key"
FROM "contact_addresses" a
WHERE a."organization_id" = r."organization_id" AND a."contact_id" = r."contact_id"
    AND a."kind" = (CASE WHEN r."channel" = 'email' THEN 'email' WHEN r."channel" IN ('fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp') THEN 'phone' END)::"address_kind"
    AND NOT EXISTS (
        SELECT FROM "audit_entries" e
        WHERE e."organization_id" = r."organization_id" AND e."contact_id" = r."contact_id" AND e."action" = 'contact.updated'
            AND e."occurred_at" > r."recorded_at" AND (a."kind"::text = ANY (e."fields") OR (a."kind" = 'phone' AND 'phoneExtension' = ANY (e."fields"))))
    AND NOT EXISTS (
        SELECT FROM "import_rows" i
        JOIN "import_jobs" j ON j."organization_id" = i."organization_id" AND j."id" = i."import_job_id"
        WHERE i."organization_id" = r."organization_id" AND i."contact_id" = r."contact_id" AND i."outcome" = 'updated' AND j."created_at" > r."recorded_at"
            AND i."before" ->> a."kind"::text IS DISTINCT FROM a."value");

-- Accepted: the table is new and only this migration writes to it.
INSERT INTO "suppressions" ("organization_id", "id", "kind", "key", "channel", "reason", "since", "contact_id", "record_id", "created_by", "created_at")
SELECT DISTINCT ON (r."organization_id", r."address_kind", r."address_key", s."channel")
    r."organization_id", 'sup_' || CASE s."place" WHEN 1 THEN substr(r."id", 5) ELSE substr(r."id", 5, 25) || translate(right(r."id", 1), '0123456789abcdefghjkmnpqrstvwxyz', '123456789abcdefghjkmnpqrstvwxyz0') END, r."address_kind", r."address_key", s."channel",
    'opt_out', r."recorded_at", r."contact_id", r."id", r."recorded_by", r."created_at"
FROM "channel_preferences" p
JOIN "consent_records" r ON r."organization_id" = p."organization_id" AND r."id" = p."record_id"
-- Text messages and RCS share the opt-outs of a number.
CROSS JOIN LATERAL unnest(CASE WHEN r."channel" IN ('rcs', 'sms') THEN ARRAY['rcs', 'sms'] ELSE ARRAY[r."channel"::text] END) WITH ORDINALITY s("channel", "place")
WHERE p."state" = 'opted_out' AND r."address_key" IS NOT NULL
ORDER BY r."organization_id", r."address_kind", r."address_key", s."channel", r."recorded_at" DESC, r."id";

-- Accepted: the table is new and only this migration writes to it.
INSERT INTO "suppressions" ("organization_id", "id", "kind", "key", "reason", "since", "note", "contact_id", "record_id", "created_by", "created_at")
SELECT DISTINCT ON (b."organization_id", a."kind", a."key")
    b."organization_id", 'sup_' || CASE a."kind" WHEN 'phone' THEN substr(b."id", 5) ELSE substr(b."id", 5, 25) || translate(right(b."id", 1), '0123456789abcdefghjkmnpqrstvwxyz', '123456789abcdefghjkmnpqrstvwxyz0') END,
    a."kind", a."key", 'block', b."blocked_at", b."reason", b."contact_id", b."id", b."blocked_by", b."blocked_at"
FROM "blocks" b
JOIN "contact_addresses" a ON a."organization_id" = b."organization_id" AND a."contact_id" = b."contact_id"
WHERE b."unblocked_at" IS NULL
ORDER BY b."organization_id", a."kind", a."key", b."blocked_at" DESC, b."id";

-- Accepted: only rows whose opt-in licenses nothing any more are taken out of what lists show.
DELETE FROM "channel_preferences" p
USING "consent_records" r
WHERE r."organization_id" = p."organization_id" AND r."id" = p."record_id" AND p."state" = 'opted_in'
    AND (r."purpose" IS NOT NULL OR r."lawful_basis" NOT IN ('consent', 'legitimate_interests')
        OR (r."address_key" IS NULL AND r."channel" IN ('email', 'fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp')));

-- Text messages and RCS share the opt-outs of a number.
-- Accepted: one row for each opt-out of the one channel that the other one does not have.
INSERT INTO "channel_preferences" ("organization_id", "contact_id", "channel", "state", "record_id", "recorded_at")
SELECT p."organization_id", p."contact_id", CASE p."channel" WHEN 'sms' THEN 'rcs'::"channel" ELSE 'sms'::"channel" END, 'opted_out', p."record_id", p."recorded_at"
FROM "channel_preferences" p
WHERE p."state" = 'opted_out' AND p."channel" IN ('sms', 'rcs')
ON CONFLICT ("organization_id", "contact_id", "channel") DO UPDATE
SET "state" = excluded."state", "record_id" = excluded."record_id", "recorded_at" = excluded."recorded_at"
WHERE "channel_preferences"."state" <> 'opted_out' AND excluded."recorded_at" >= "channel_preferences"."recorded_at";
