-- As "contacts_living_phone", for all spellings of a number.
CREATE UNIQUE INDEX CONCURRENTLY "contacts_living_phone_key" ON "contacts"("organization_id", (coalesce("phone_key", "phone")), "phone_extension") WHERE (deleted_at is null);
