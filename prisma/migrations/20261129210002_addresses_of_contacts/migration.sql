-- AddForeignKey
-- Accepted: the table is empty, so no row is looked at.
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
-- AddForeignKey
-- Accepted: the table is empty, so no row is looked at.
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_organization_id_contact_id_fkey" FOREIGN KEY ("organization_id", "contact_id") REFERENCES "contacts"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;
