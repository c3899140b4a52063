-- A reservation is made for a topic and for one address of the contact; those of before name neither.

-- AlterTable
ALTER TABLE "send_reservations" ADD COLUMN     "address" TEXT,
ADD COLUMN     "topic_id" TEXT COLLATE "C";
