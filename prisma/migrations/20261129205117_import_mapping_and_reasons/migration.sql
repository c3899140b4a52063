-- AlterTable
ALTER TABLE "import_jobs" ADD COLUMN     "mapping" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "reasons" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "warnings" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "import_rows" ADD COLUMN     "expected" TEXT,
ADD COLUMN     "further" JSONB;
