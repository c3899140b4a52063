-- What happened when, for filters by activity and for counts.
CREATE INDEX CONCURRENTLY "calls_by_time" ON "calls"("organization_id", "occurred_at", "contact_id");
