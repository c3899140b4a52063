-- Retention looks for contacts that were deleted long ago.
CREATE INDEX CONCURRENTLY "contacts_deleted" ON "contacts"("organization_id", "deleted_at") WHERE (deleted_at is not null);
