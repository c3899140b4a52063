-- What happened when, for filters by activity and for counts.
CREATE INDEX CONCURRENTLY "tickets_by_time" ON "tickets"("organization_id", "occurred_at", "contact_id");
