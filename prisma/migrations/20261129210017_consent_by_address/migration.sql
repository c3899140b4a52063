-- In batches: each is a transaction of its own, which locks 100 contacts for a fraction of a second. What is interrupted begins again and changes nothing of
-- what was done.
DO $$
DECLARE
    organization TEXT;
    last_id TEXT;
    batch TEXT[];
BEGIN
    FOR organization IN SELECT o."id" FROM "organizations" o ORDER BY o."id" LOOP
        last_id := '';
        LOOP
            SELECT array_agg(c."id"), max(c."id") INTO batch, last_id
            FROM (SELECT "id" FROM "contacts" WHERE "organization_id" = organization AND "id" > last_id ORDER BY "id" LIMIT 100) c;
            EXIT WHEN batch IS NULL;
            PERFORM "adopt_previous_release"(organization, batch);
            COMMIT;
        END LOOP;
    END LOOP;
END
$$;
