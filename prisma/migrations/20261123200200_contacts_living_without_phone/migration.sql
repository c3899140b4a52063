-- Most contacts have a phone number: those that have none are found here, and nobody else is in it.
CREATE INDEX CONCURRENTLY "contacts_living_without_phone" ON "contacts"("organization_id", "created_at" DESC, "id" DESC) WHERE ((deleted_at is null) and (phone is null));
