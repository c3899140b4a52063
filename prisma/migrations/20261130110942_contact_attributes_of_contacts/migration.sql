-- Accepted: the table is empty, so no row is looked at.
ALTER TABLE "contact_attributes" ADD CONSTRAINT "contact_attributes_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
