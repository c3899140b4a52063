-- What addresses of one person have in common though they differ: an email address without dots and what stands behind a plus, the last seven digits of a
-- number, an id whatever system it is of.
CREATE INDEX CONCURRENTLY "contact_addresses_alike" ON "contact_addresses"("organization_id", (CASE "kind"
    WHEN 'email' THEN replace(split_part(split_part("key", '@', 1), '+', 1), '.', '') || '@' || split_part("key", '@', 2)
    WHEN 'phone' THEN right("key", 7)
    ELSE substr("key", strpos("key", ':') + 1) END)) WHERE (is_living);
