-- Consent belongs to a person at an address. Addresses get a table of their own, which the statements that write contacts keep; what holds for an
-- address whoever has it is the suppression list. The tables are new, so nothing waits for this file; the next ones lock one busy table each, briefly.

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
    "is_shared" BOOLEAN NOT NULL DEFAULT false,

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
