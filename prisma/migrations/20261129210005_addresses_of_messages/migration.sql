-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "address_key" TEXT COLLATE "C",
ADD COLUMN     "failure_reason" "failure_reason",
ADD COLUMN     "may_be_opt_out" BOOLEAN NOT NULL DEFAULT false;
