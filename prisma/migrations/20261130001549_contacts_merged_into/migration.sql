-- Which contacts were merged into one.
CREATE INDEX CONCURRENTLY "contacts_merged_into" ON "contacts"("organization_id", "merged_into_id") WHERE (merged_into_id is not null);
