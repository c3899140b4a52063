-- What happened when, for filters by activity and for counts.
CREATE INDEX CONCURRENTLY "messages_by_time" ON "messages"("organization_id", "occurred_at", "contact_id");
