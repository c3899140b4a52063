-- As with phone numbers.
CREATE INDEX CONCURRENTLY "contacts_living_without_email" ON "contacts"("organization_id", "created_at" DESC, "id" DESC) WHERE ((deleted_at is null) and (email is null));
