-- What numbers are compared by, where that is not the number itself: numbers of Mexico without the 1 behind the country prefix, those of Argentina and of
-- Brazilian mobiles with the 9, as src/kernel/phone-key.ts says. Null everywhere else, so that only these rows are written here, and that what the release
-- before inserts is compared as well.
ALTER TABLE "contacts" ADD COLUMN "phone_key" TEXT;

-- Two living contacts that have one number in two spellings both stay: the one that is spelled otherwise than the key keeps null, and is compared by its
-- own spelling until the two are merged or one of them changes its number.
-- Accepted: it writes the numbers of three countries in one of their spellings, which are few, and nothing but these rows is locked.
UPDATE "contacts" c
SET "phone_key" = k."key"
FROM (
    SELECT "organization_id", "id", CASE
        WHEN "phone" LIKE '+521%' THEN '+52' || substr("phone", 5)
        WHEN "phone" LIKE '+54%' THEN '+549' || substr("phone", 4)
        ELSE substr("phone", 1, 5) || '9' || substr("phone", 6)
    END AS "key"
    FROM "contacts"
    WHERE "phone" ~ '^\+(521[0-9]{10}|54[123][0-9]{9}|55[1-9]{2}[6-9][0-9]{7})$'
) k
WHERE c."organization_id" = k."organization_id" AND c."id" = k."id" AND (
    c."deleted_at" IS NOT NULL OR NOT EXISTS (
        SELECT FROM "contacts" o
        WHERE o."organization_id" = c."organization_id" AND o."deleted_at" IS NULL
            AND o."phone" = k."key" AND o."phone_extension" = c."phone_extension"
    )
);
