-- As "contacts_living_phone_key" and "contacts_living_email", for all addresses and external ids of a contact.
CREATE UNIQUE INDEX CONCURRENTLY "contact_addresses_living" ON "contact_addresses"("organization_id", "kind", "key", "extension") WHERE (is_living and (not is_shared));
