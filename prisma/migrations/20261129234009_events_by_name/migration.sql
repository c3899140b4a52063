-- Contacts by what happened when, for filters by activity and for counts.
CREATE INDEX CONCURRENTLY "events_by_name" ON "events"("organization_id", "name", "occurred_at", "contact_id");
