-- The first ground of the whole domain. Written by `npm run migration`, and completed by hand with what the Prisma schema
-- cannot say: the extensions, the collation of ids, the checks and the triggers.
--
-- Ids and sort keys are compared byte by byte (COLLATE "C"): faster, and the same order on every server.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- CreateEnum
CREATE TYPE "channel" AS ENUM ('email', 'fax', 'instagram', 'line', 'messenger', 'push', 'rcs', 'sms', 'viber', 'voice', 'whatsapp');

-- CreateEnum
CREATE TYPE "direction" AS ENUM ('inbound', 'outbound');

-- CreateEnum
CREATE TYPE "message_category" AS ENUM ('marketing', 'service', 'transactional');

-- CreateEnum
CREATE TYPE "message_status" AS ENUM ('queued', 'sent', 'delivered', 'read', 'failed', 'received');

-- CreateEnum
CREATE TYPE "message_route" AS ENUM ('inbox', 'spam');

-- CreateEnum
CREATE TYPE "call_status" AS ENUM ('answered', 'missed', 'no_answer', 'busy', 'voicemail');

-- CreateEnum
CREATE TYPE "ticket_status" AS ENUM ('open', 'pending', 'solved', 'closed');

-- CreateEnum
CREATE TYPE "ticket_priority" AS ENUM ('low', 'normal', 'high', 'urgent');

-- CreateEnum
CREATE TYPE "lifecycle_stage" AS ENUM ('subscriber', 'lead', 'qualified', 'opportunity', 'customer', 'advocate', 'churned');

-- CreateEnum
CREATE TYPE "contact_source" AS ENUM ('api', 'import', 'activity', 'demo');

-- CreateEnum
CREATE TYPE "import_status" AS ENUM ('pending', 'processing', 'completed', 'failed', 'rolled_back');

-- CreateEnum
CREATE TYPE "duplicate_policy" AS ENUM ('skip', 'update');

-- CreateEnum
CREATE TYPE "import_outcome" AS ENUM ('created', 'updated', 'unchanged', 'skipped');

-- CreateEnum
CREATE TYPE "consent_state" AS ENUM ('opted_in', 'opted_out', 'unknown');

-- CreateEnum
CREATE TYPE "lawful_basis" AS ENUM ('consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests');

-- CreateTable
CREATE TABLE "messages" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C",
    "channel" "channel" NOT NULL,
    "direction" "direction" NOT NULL,
    "category" "message_category",
    "status" "message_status" NOT NULL,
    "routed_to" "message_route",
    "subject" TEXT,
    "body" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "calls" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C",
    "direction" "direction" NOT NULL,
    "status" "call_status" NOT NULL,
    "duration_seconds" INTEGER,
    "recording_url" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calls_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "tickets" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C",
    "subject" TEXT NOT NULL,
    "status" "ticket_status" NOT NULL,
    "priority" "ticket_priority" NOT NULL DEFAULT 'normal',
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "first_reply_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tickets_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "events" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C",
    "name" TEXT NOT NULL,
    "properties" JSONB NOT NULL DEFAULT '{}',
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "blocks" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT,
    "blocked_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_by" TEXT NOT NULL,
    "unblocked_at" TIMESTAMPTZ(3),
    "unblocked_by" TEXT,
    "unblock_reason" TEXT,

    CONSTRAINT "blocks_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "contacts" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "phone" TEXT,
    "phone_extension" TEXT NOT NULL DEFAULT '',
    "email" TEXT,
    "email_key" TEXT,
    "first_name" TEXT,
    "last_name" TEXT,
    "display_name" TEXT,
    "company" TEXT,
    "country_code" TEXT,
    "timezone" TEXT,
    "language" TEXT,
    "lifecycle_stage" "lifecycle_stage" NOT NULL DEFAULT 'lead',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tag_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "custom_attributes" JSONB NOT NULL DEFAULT '{}',
    "source" "contact_source" NOT NULL,
    "search_text" TEXT NOT NULL,
    "name_key" TEXT COLLATE "C" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "blocked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "lifecycle_transitions" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "from_stage" "lifecycle_stage" NOT NULL,
    "to_stage" "lifecycle_stage" NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,

    CONSTRAINT "lifecycle_transitions_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "frequency_cap_rules" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "channel" "channel",
    "category" "message_category",
    "limit" INTEGER NOT NULL,
    "window_seconds" INTEGER NOT NULL,
    "lifecycle_stages" "lifecycle_stage"[] DEFAULT ARRAY[]::"lifecycle_stage"[],
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "country_codes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "frequency_cap_rules_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_records" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_records_pkey" PRIMARY KEY ("organization_id","key")
);

-- CreateTable
CREATE TABLE "import_jobs" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "status" "import_status" NOT NULL DEFAULT 'pending',
    "on_duplicate" "duplicate_policy" NOT NULL,
    "default_country" TEXT,
    "dry_run" BOOLEAN NOT NULL,
    "columns" TEXT[],
    "total_rows" INTEGER NOT NULL,
    "processed_rows" INTEGER NOT NULL DEFAULT 0,
    "created" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "rollback_expires_at" TIMESTAMPTZ(3),
    "rolled_back_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_jobs_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "import_rows" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "import_job_id" TEXT COLLATE "C" NOT NULL,
    "row_number" INTEGER NOT NULL,
    "cells" JSONB NOT NULL,
    "contact" JSONB,
    "outcome" "import_outcome",
    "contact_id" TEXT COLLATE "C",
    "before" JSONB,
    "revision" INTEGER,
    "reason_code" TEXT,
    "field" TEXT,
    "value" TEXT,
    "message" TEXT,

    CONSTRAINT "import_rows_pkey" PRIMARY KEY ("organization_id","import_job_id","row_number")
);

-- CreateTable
CREATE TABLE "notes" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "body" TEXT NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notes_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "organizations" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "default_country" TEXT,
    "quiet_hours" BOOLEAN NOT NULL DEFAULT false,
    "marketing_needs_opt_in" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "consent_records" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "channel" "channel" NOT NULL,
    "state" "consent_state" NOT NULL,
    "source" TEXT NOT NULL,
    "lawful_basis" "lawful_basis",
    "purpose" TEXT,
    "text_version" TEXT,
    "proof_url" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_records_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "channel_preferences" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "channel" "channel" NOT NULL,
    "state" "consent_state" NOT NULL,
    "record_id" TEXT COLLATE "C" NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_preferences_pkey" PRIMARY KEY ("organization_id","contact_id","channel")
);

-- CreateIndex
CREATE INDEX "messages_by_contact" ON "messages"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "messages_external_id" ON "messages"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "calls_by_contact" ON "calls"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "calls_external_id" ON "calls"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "tickets_by_contact" ON "tickets"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "tickets_external_id" ON "tickets"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "events_by_contact" ON "events"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "events_external_id" ON "events"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "blocks_by_contact" ON "blocks"("organization_id", "contact_id", "blocked_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "blocks_current" ON "blocks"("organization_id", "contact_id") WHERE (unblocked_at is null);

-- CreateIndex
CREATE INDEX "contacts_living_by_created" ON "contacts"("organization_id", "created_at" DESC, "id" DESC) WHERE (deleted_at is null);

-- CreateIndex
CREATE INDEX "contacts_living_by_updated" ON "contacts"("organization_id", "updated_at" DESC, "id" DESC) WHERE (deleted_at is null);

-- CreateIndex
CREATE INDEX "contacts_living_by_name" ON "contacts"("organization_id", "name_key", "id") WHERE (deleted_at is null);

-- CreateIndex
CREATE INDEX "contacts_living_blocked" ON "contacts"("organization_id", "blocked_at" DESC, "id" DESC) WHERE ((deleted_at is null) and (blocked_at is not null));

-- CreateIndex
CREATE INDEX "contacts_search" ON "contacts" USING GIN ("organization_id" varchar_ops, "search_text" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "contacts_tags" ON "contacts" USING GIN ("organization_id" varchar_ops, "tag_keys" array_ops);

-- CreateIndex
CREATE UNIQUE INDEX "contacts_living_phone" ON "contacts"("organization_id", "phone", "phone_extension") WHERE (deleted_at is null);

-- CreateIndex
CREATE UNIQUE INDEX "contacts_living_email" ON "contacts"("organization_id", "email_key") WHERE (deleted_at is null);

-- CreateIndex
CREATE INDEX "lifecycle_transitions_by_contact" ON "lifecycle_transitions"("organization_id", "contact_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "frequency_cap_rules_name" ON "frequency_cap_rules"("organization_id", "name");

-- CreateIndex
CREATE INDEX "idempotency_records_by_expiry" ON "idempotency_records"("organization_id", "expires_at");

-- CreateIndex
CREATE INDEX "import_jobs_by_created" ON "import_jobs"("organization_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "notes_by_contact" ON "notes"("organization_id", "contact_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "consent_records_by_contact" ON "consent_records"("organization_id", "contact_id", "recorded_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "calls" ADD CONSTRAINT "calls_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "lifecycle_transitions" ADD CONSTRAINT "lifecycle_transitions_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "frequency_cap_rules" ADD CONSTRAINT "frequency_cap_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "idempotency_records" ADD CONSTRAINT "idempotency_records_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "import_jobs" ADD CONSTRAINT "import_jobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_organization_id_import_job_id_fkey" FOREIGN KEY ("organization_id", "import_job_id") REFERENCES "import_jobs"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "notes" ADD CONSTRAINT "notes_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "consent_records" ADD CONSTRAINT "consent_records_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "channel_preferences" ADD CONSTRAINT "channel_preferences_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "channel_preferences" ADD CONSTRAINT "channel_preferences_organization_id_record_id_fkey" FOREIGN KEY ("organization_id", "record_id") REFERENCES "consent_records"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- What no program may write, ours included.
ALTER TABLE "contacts"
    ADD CONSTRAINT "contacts_reachable" CHECK ("phone" IS NOT NULL OR "email" IS NOT NULL),
    ADD CONSTRAINT "contacts_phone_e164" CHECK ("phone" ~ '^\+[0-9]{3,15}$'),
    ADD CONSTRAINT "contacts_extension_of_phone" CHECK ("phone" IS NOT NULL OR "phone_extension" = ''),
    ADD CONSTRAINT "contacts_email_key" CHECK (("email" IS NULL) = ("email_key" IS NULL)),
    ADD CONSTRAINT "contacts_tag_keys" CHECK (cardinality("tags") = cardinality("tag_keys")),
    ADD CONSTRAINT "contacts_custom_attributes" CHECK (jsonb_typeof("custom_attributes") = 'object');
ALTER TABLE "blocks"
    ADD CONSTRAINT "blocks_end" CHECK (("unblocked_at" IS NULL) = ("unblocked_by" IS NULL) AND "unblocked_at" >= "blocked_at");
ALTER TABLE "frequency_cap_rules"
    ADD CONSTRAINT "frequency_cap_rules_limit" CHECK ("limit" > 0 AND "window_seconds" > 0);

-- The past is not rewritten: what was on record stays on record.
CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are a record of the past: they are not changed or removed', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "lifecycle_transitions_stay" BEFORE UPDATE OR DELETE ON "lifecycle_transitions"
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();

CREATE TRIGGER "consent_records_stay" BEFORE UPDATE OR DELETE ON "consent_records"
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();

CREATE TRIGGER "blocks_stay" BEFORE DELETE ON "blocks"
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();

-- A block may only be ended, once.
CREATE TRIGGER "blocks_end_once" BEFORE UPDATE ON "blocks"
    FOR EACH ROW
    WHEN (OLD."unblocked_at" IS NOT NULL
        OR (OLD."organization_id", OLD."id", OLD."contact_id", OLD."blocked_at", OLD."blocked_by") IS DISTINCT FROM
           (NEW."organization_id", NEW."id", NEW."contact_id", NEW."blocked_at", NEW."blocked_by")
        OR OLD."reason" IS DISTINCT FROM NEW."reason")
    EXECUTE FUNCTION refuse_rewriting_history();
