-- Few values, many rows of each: the index keeps each value once.
CREATE INDEX CONCURRENTLY "contacts_living_by_language" ON "contacts"("organization_id", "language") WHERE (deleted_at is null);
