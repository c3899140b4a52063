-- The same report three times is one entry. Entries of earlier releases have no key, and nulls are distinct.
CREATE UNIQUE INDEX CONCURRENTLY "consent_records_once" ON "consent_records"("organization_id", "contact_id", "dedupe_key");
