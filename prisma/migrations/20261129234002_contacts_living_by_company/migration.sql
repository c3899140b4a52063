-- Companies without regard to the case of ASCII letters, in every locale alike.
CREATE INDEX CONCURRENTLY "contacts_living_by_company" ON "contacts"("organization_id", (lower("company" COLLATE "C"))) WHERE (deleted_at is null);
