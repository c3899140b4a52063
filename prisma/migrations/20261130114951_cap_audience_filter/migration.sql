ALTER TABLE "frequency_cap_rules" ADD COLUMN "filter" JSONB;
