-- Most contacts have a name: those that have none are found here.
CREATE INDEX CONCURRENTLY "contacts_living_without_name" ON "contacts"("organization_id", "created_at" DESC, "id" DESC) WHERE ((deleted_at is null) and (first_name is null) and (last_name is null) and (display_name is null));
