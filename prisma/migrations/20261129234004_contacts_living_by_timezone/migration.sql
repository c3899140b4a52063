-- As with languages.
CREATE INDEX CONCURRENTLY "contacts_living_by_timezone" ON "contacts"("organization_id", "timezone") WHERE (deleted_at is null);
