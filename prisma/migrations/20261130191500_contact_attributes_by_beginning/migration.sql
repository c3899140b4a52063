-- Contacts whose text begins with some letters, whatever their case: the trigrams of such a text find too many.
CREATE INDEX CONCURRENTLY "contact_attributes_by_beginning" ON "contact_attributes"("organization_id", "attribute_id", lower("left"("text_value", 200)), "contact_id") WHERE (text_value is not null);
