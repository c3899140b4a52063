-- AlterTable
ALTER TABLE "import_jobs" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "due_at" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "failed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "is_open" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "kept" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "position" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "reversed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rollback_requested_at" TIMESTAMPTZ(3),
ADD COLUMN     "rollback_requested_by" TEXT,
ADD COLUMN     "staged_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "import_rows" DROP COLUMN "contact",
ALTER COLUMN "cells" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "import_jobs_open" ON "import_jobs"("organization_id", "due_at") WHERE (is_open);

-- CreateIndex
CREATE INDEX "import_rows_by_contact" ON "import_rows"("organization_id", "import_job_id", "contact_id") WHERE (contact_id is not null);

-- Counts never lie: every row that is done with is in one of the four, and a completed import has no others.
ALTER TABLE "import_jobs"
    ADD CONSTRAINT "import_jobs_counts" CHECK ("created" + "updated" + "unchanged" + "skipped" = "processed_rows" AND "processed_rows" <= "total_rows"),
    ADD CONSTRAINT "import_jobs_completed" CHECK ("completed_at" IS NULL OR "status" = 'failed' OR "processed_rows" = "total_rows");
