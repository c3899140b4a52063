-- DropForeignKey
ALTER TABLE "channel_preferences" DROP CONSTRAINT "channel_preferences_organization_id_record_id_fkey";

-- AlterTable
ALTER TABLE "channel_preferences" ADD COLUMN     "valid_until" TIMESTAMPTZ(3),
ALTER COLUMN "record_id" DROP NOT NULL;
