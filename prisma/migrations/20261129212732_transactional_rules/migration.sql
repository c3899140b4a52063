-- A rule for transactional messages never limited one: they pass caps. New ones are refused; those that exist are switched off.
-- Accepted: a handful of rules for each organization; none of them is a busy row.
UPDATE "frequency_cap_rules" SET "enabled" = false WHERE "category" = 'transactional' AND "enabled";
