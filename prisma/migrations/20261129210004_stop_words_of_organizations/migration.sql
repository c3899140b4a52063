-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "keyword_channels" "channel"[] DEFAULT ARRAY['sms', 'rcs', 'whatsapp']::"channel"[],
ADD COLUMN     "keyword_languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "start_words" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "stop_words" TEXT[] DEFAULT ARRAY[]::TEXT[];
