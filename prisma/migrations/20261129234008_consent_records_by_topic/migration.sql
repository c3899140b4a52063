-- Contacts that have anything on record about a topic, for filters by consent.
CREATE INDEX CONCURRENTLY "consent_records_by_topic" ON "consent_records"("organization_id", "topic_id", "contact_id") WHERE (topic_id is not null);
