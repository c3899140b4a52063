-- Slots of the frequency caps that are reserved for a message, and quiet hours as settings.

-- CreateEnum
CREATE TYPE "channel_group" AS ENUM ('phone', 'chat', 'email', 'push', 'fax');

-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "whatsapp_service_window" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "quiet_hours_rules" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "country_code" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "channel_group" "channel_group" NOT NULL,
    "opens_at" INTEGER,
    "closes_at" INTEGER,
    "closed_weekdays" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "closed_dates" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quiet_hours_rules_pkey" PRIMARY KEY ("organization_id","country_code","channel_group")
);

-- CreateTable
CREATE TABLE "send_reservations" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "channel" "channel" NOT NULL,
    "category" "message_category" NOT NULL,
    "occurs_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "activity_id" TEXT COLLATE "C",
    "released_at" TIMESTAMPTZ(3),
    "reserved_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "send_reservations_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "send_reservations_held" ON "send_reservations"("organization_id", "contact_id", "expires_at") WHERE ((used_at is null) and (released_at is null));

-- CreateIndex
CREATE INDEX "send_reservations_by_contact" ON "send_reservations"("organization_id", "contact_id", "id");

-- AddForeignKey
ALTER TABLE "quiet_hours_rules" ADD CONSTRAINT "quiet_hours_rules_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "send_reservations" ADD CONSTRAINT "send_reservations_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
