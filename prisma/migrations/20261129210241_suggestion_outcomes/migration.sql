-- What was done about suggestions: a suggestion is set aside until then, and outcomes are counted by action.

-- CreateEnum
CREATE TYPE "suggestion_outcome_kind" AS ENUM ('done', 'dismissed', 'snoozed');

-- CreateTable
CREATE TABLE "suggestion_outcomes" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "action" TEXT NOT NULL,
    "subject_id" TEXT COLLATE "C" NOT NULL,
    "channel" "channel",
    "outcome" "suggestion_outcome_kind" NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by" TEXT NOT NULL,

    CONSTRAINT "suggestion_outcomes_pkey" PRIMARY KEY ("organization_id", "id")
);

-- CreateIndex
CREATE INDEX "suggestion_outcomes_by_contact" ON "suggestion_outcomes"("organization_id", "contact_id", "recorded_at");

-- AddForeignKey
ALTER TABLE "suggestion_outcomes" ADD CONSTRAINT "suggestion_outcomes_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
