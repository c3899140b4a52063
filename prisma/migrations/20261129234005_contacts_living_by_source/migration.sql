-- As with languages.
CREATE INDEX CONCURRENTLY "contacts_living_by_source" ON "contacts"("organization_id", "source") WHERE (deleted_at is null);
