-- What happened when, for filters by activity and for counts.
CREATE INDEX CONCURRENTLY "events_by_time" ON "events"("organization_id", "occurred_at", "contact_id");
