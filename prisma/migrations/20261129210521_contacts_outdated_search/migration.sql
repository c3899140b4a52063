-- Contacts whose words were worked out in an earlier way. Empty once maintenance has been through.
CREATE INDEX CONCURRENTLY "contacts_outdated_search" ON "contacts"("organization_id", "id") WHERE (search_version < 1);
