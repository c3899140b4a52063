-- Brings contacts as the release before this one writes them, and what it has recorded about their consent, into the tables that this release keeps. The
-- next migration does it for all contacts, in batches; maintenance does it for those that processes of the release before write beside the new ones. It
-- changes nothing of what this release has written. The contacts must not be merged ones. Plans are made for each call, because the tables are filled
-- from nothing meanwhile. A later release drops it.
CREATE FUNCTION "adopt_previous_release"(organization TEXT, contacts_to_adopt TEXT[]) RETURNS VOID LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM 1 FROM "contacts" c
    WHERE c."organization_id" = organization AND c."id" = ANY (contacts_to_adopt)
    ORDER BY c."id" FOR NO KEY UPDATE;

    -- The key of a number, as in src/kernel/phone-key.ts. Two living contacts that have one number in two spellings both stay: one of them keeps null, and
    -- is compared by its own spelling until the two are merged or one of them changes its number.
    UPDATE "contacts" c
    SET "phone_key" = k."key"
    FROM (
        SELECT o."id", CASE
            WHEN o."phone" ~ '^\+521[0-9]{10}$' THEN '+52' || substr(o."phone", 5)
            WHEN o."phone" ~ '^\+54[123][0-9]{9}$' THEN '+549' || substr(o."phone", 4)
            WHEN o."phone" ~ '^\+55[1-9]{2}[6-9][0-9]{7}$' THEN left(o."phone", 5) || '9' || substr(o."phone", 6)
            END AS "key"
        FROM "contacts" o
        WHERE o."organization_id" = organization AND o."id" = ANY (contacts_to_adopt)
            AND (o."phone_key" IS NOT NULL OR o."phone" ~ '^\+(52|54|55)')
    ) k
    WHERE c."organization_id" = organization AND c."id" = k."id" AND c."phone_key" IS DISTINCT FROM k."key" AND (
        k."key" IS NULL OR c."deleted_at" IS NOT NULL OR NOT EXISTS (
            SELECT FROM "contacts" o
            WHERE o."organization_id" = organization AND o."deleted_at" IS NULL AND o."id" <> c."id"
                AND coalesce(o."phone_key", o."phone") = k."key" AND o."phone_extension" = c."phone_extension"
        )
    );

    DELETE FROM "contact_addresses" a
    USING "contacts" c
    WHERE a."organization_id" = organization AND a."contact_id" = ANY (contacts_to_adopt) AND a."is_primary" AND a."kind" <> 'external'
        AND c."organization_id" = organization AND c."id" = a."contact_id"
        AND CASE a."kind"
            WHEN 'phone' THEN (a."value", a."extension") IS DISTINCT FROM (c."phone", c."phone_extension")
            ELSE a."key" IS DISTINCT FROM c."email_key" END;

    INSERT INTO "contact_addresses" AS present
        ("organization_id", "kind", "key", "extension", "contact_id", "value", "is_living", "is_shared", "created_at")
    SELECT organization, a."kind", a."key", a."extension", c."id", a."value", c."deleted_at" IS NULL,
        c."deleted_at" IS NULL AND EXISTS (
            SELECT FROM "contact_addresses" o
            WHERE o."organization_id" = organization AND o."kind" = a."kind" AND o."key" = a."key" AND o."extension" = a."extension"
                AND o."contact_id" <> c."id" AND o."is_living" AND NOT o."is_shared"),
        c."created_at"
    FROM "contacts" c
    CROSS JOIN LATERAL (VALUES
        ('phone'::"address_kind", CASE
            WHEN c."phone" ~ '^\+521[0-9]{10}$' THEN '+52' || substr(c."phone", 5)
            WHEN c."phone" ~ '^\+54[123][0-9]{9}$' THEN '+549' || substr(c."phone", 4)
            WHEN c."phone" ~ '^\+55[1-9]{2}[6-9][0-9]{7}$' THEN left(c."phone", 5) || '9' || substr(c."phone", 6)
            ELSE c."phone" END, c."phone_extension", c."phone"),
        ('email', c."email_key", '', c."email")) a("kind", "key", "extension", "value")
    WHERE c."organization_id" = organization AND c."id" = ANY (contacts_to_adopt) AND a."key" IS NOT NULL
    ON CONFLICT ("organization_id", "kind", "key", "extension", "contact_id") DO UPDATE
    SET "value" = excluded."value", "is_primary" = true
    WHERE (present."value", present."is_primary") IS DISTINCT FROM (excluded."value", true);

    UPDATE "contact_addresses" a
    SET "is_living" = c."deleted_at" IS NULL,
        "is_shared" = c."deleted_at" IS NULL AND EXISTS (
            SELECT FROM "contact_addresses" o
            WHERE o."organization_id" = organization AND o."kind" = a."kind" AND o."key" = a."key" AND o."extension" = a."extension"
                AND o."contact_id" <> c."id" AND o."is_living" AND NOT o."is_shared")
    FROM "contacts" c
    WHERE a."organization_id" = organization AND a."contact_id" = ANY (contacts_to_adopt)
        AND c."organization_id" = organization AND c."id" = a."contact_id" AND a."is_living" <> (c."deleted_at" IS NULL);

    -- Consent is on record by address. Nothing of it is loosened: an opt-in whose address is not certain licenses nothing from now on. Entries of the
    -- release before have no dedupe key. Each is of the contact's present address, unless the audit log or an import knows that it had another one then.
    UPDATE "consent_records" r
    SET "address_kind" = a."kind", "address_key" = a."key"
    FROM "consent_records" o
    -- Only by its contact: while the table has no statistics, the planner would look through all addresses of a kind.
    CROSS JOIN LATERAL (
        SELECT x."kind", x."key", x."value" FROM "contact_addresses" x
        WHERE x."organization_id" = organization AND x."contact_id" = o."contact_id" AND x."is_primary" OFFSET 0) a
    WHERE o."organization_id" = organization AND o."contact_id" = ANY (contacts_to_adopt) AND o."dedupe_key" IS NULL AND o."address_key" IS NULL
        AND r."organization_id" = organization AND r."id" = o."id"
        AND a."kind" = (CASE WHEN r."channel" = 'email' THEN 'email' WHEN r."channel" IN ('fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp') THEN 'phone' END)::"address_kind"
        AND NOT EXISTS (
            SELECT FROM "audit_entries" e
            WHERE e."organization_id" = organization AND e."contact_id" = r."contact_id" AND e."action" = 'contact.updated'
                AND e."occurred_at" > r."recorded_at" AND (a."kind"::text = ANY (e."fields") OR (a."kind" = 'phone' AND 'phoneExtension' = ANY (e."fields"))))
        AND NOT EXISTS (
            SELECT FROM "import_rows" i
            JOIN "import_jobs" j ON j."organization_id" = organization AND j."id" = i."import_job_id"
            WHERE i."organization_id" = organization AND i."contact_id" = r."contact_id" AND i."outcome" = 'updated' AND j."created_at" > r."recorded_at"
                AND i."before" ->> a."kind"::text IS DISTINCT FROM a."value");

    INSERT INTO "suppressions" AS s
        ("organization_id", "id", "kind", "key", "channel", "reason", "since", "contact_id", "record_id", "created_by", "created_at")
    SELECT DISTINCT ON (r."address_kind", r."address_key", o."channel")
        organization, 'sup_' || CASE o."place" WHEN 1 THEN substr(r."id", 5) ELSE substr(r."id", 5, 25) || translate(right(r."id", 1), '0123456789abcdefghjkmnpqrstvwxyz', '123456789abcdefghjkmnpqrstvwxyz0') END, r."address_kind", r."address_key", o."channel",
        'opt_out', r."recorded_at", r."contact_id", r."id", r."recorded_by", r."created_at"
    FROM "channel_preferences" p
    JOIN "consent_records" r ON r."organization_id" = organization AND r."id" = p."record_id"
    -- Text messages and RCS share the opt-outs of a number.
    CROSS JOIN LATERAL unnest(CASE WHEN r."channel" IN ('rcs', 'sms') THEN ARRAY['rcs', 'sms'] ELSE ARRAY[r."channel"::text] END) WITH ORDINALITY o("channel", "place")
    WHERE p."organization_id" = organization AND p."contact_id" = ANY (contacts_to_adopt) AND p."state" = 'opted_out'
        AND r."dedupe_key" IS NULL AND r."address_key" IS NOT NULL
    ORDER BY r."address_kind", r."address_key", o."channel", r."recorded_at" DESC, r."id"
    ON CONFLICT ("organization_id", "kind", "key", "channel", "topic_id", "reason") DO UPDATE
    SET "since" = excluded."since", "contact_id" = excluded."contact_id", "record_id" = excluded."record_id", "created_by" = excluded."created_by",
        "created_at" = excluded."created_at"
    WHERE excluded."since" > s."since";

    INSERT INTO "suppressions" AS s
        ("organization_id", "id", "kind", "key", "reason", "since", "note", "contact_id", "record_id", "created_by", "created_at")
    SELECT DISTINCT ON (a."kind", a."key")
        organization, 'sup_' || CASE a."kind" WHEN 'phone' THEN substr(b."id", 5) ELSE substr(b."id", 5, 25) || translate(right(b."id", 1), '0123456789abcdefghjkmnpqrstvwxyz', '123456789abcdefghjkmnpqrstvwxyz0') END,
        a."kind", a."key", 'block', b."blocked_at", b."reason", b."contact_id", b."id", b."blocked_by", b."blocked_at"
    FROM "blocks" b
    JOIN "contact_addresses" a ON a."organization_id" = organization AND a."contact_id" = b."contact_id" AND a."is_primary" AND a."kind" <> 'external'
    WHERE b."organization_id" = organization AND b."contact_id" = ANY (contacts_to_adopt) AND b."unblocked_at" IS NULL
        AND NOT EXISTS (
            SELECT FROM "suppressions" o
            WHERE o."organization_id" = organization AND o."contact_id" = b."contact_id" AND o."reason" = 'block' AND o."record_id" = b."id")
    ORDER BY a."kind", a."key", b."blocked_at" DESC, b."id"
    ON CONFLICT ("organization_id", "kind", "key", "channel", "topic_id", "reason") DO UPDATE
    SET "since" = excluded."since", "note" = excluded."note", "contact_id" = excluded."contact_id", "record_id" = excluded."record_id",
        "created_by" = excluded."created_by", "created_at" = excluded."created_at"
    WHERE excluded."since" > s."since";

    UPDATE "suppressions" s
    SET "lifted_at" = b."unblocked_at", "lifted_by" = b."unblocked_by", "lift_reason" = b."unblock_reason"
    FROM "blocks" b
    WHERE b."organization_id" = organization AND b."contact_id" = ANY (contacts_to_adopt) AND b."unblocked_at" IS NOT NULL
        AND s."organization_id" = organization AND s."contact_id" = b."contact_id" AND s."reason" = 'block' AND s."record_id" = b."id"
        AND (s."lifted_at" IS NULL OR s."since" > s."lifted_at") AND b."unblocked_at" >= s."since";

    -- Only rows whose opt-in licenses nothing any more are taken out of what lists show.
    DELETE FROM "channel_preferences" p
    USING "consent_records" r
    WHERE p."organization_id" = organization AND p."contact_id" = ANY (contacts_to_adopt) AND p."state" = 'opted_in'
        AND r."organization_id" = organization AND r."id" = p."record_id" AND r."dedupe_key" IS NULL
        AND (r."purpose" IS NOT NULL OR r."lawful_basis" NOT IN ('consent', 'legitimate_interests')
            OR (r."address_key" IS NULL AND r."channel" IN ('email', 'fax', 'rcs', 'sms', 'viber', 'voice', 'whatsapp')));

    INSERT INTO "channel_preferences" AS present ("organization_id", "contact_id", "channel", "state", "record_id", "recorded_at")
    SELECT organization, p."contact_id", CASE p."channel" WHEN 'sms' THEN 'rcs'::"channel" ELSE 'sms'::"channel" END, 'opted_out', p."record_id", p."recorded_at"
    FROM "channel_preferences" p
    JOIN "consent_records" r ON r."organization_id" = organization AND r."id" = p."record_id" AND r."dedupe_key" IS NULL
    WHERE p."organization_id" = organization AND p."contact_id" = ANY (contacts_to_adopt) AND p."state" = 'opted_out' AND p."channel" IN ('sms', 'rcs')
    ON CONFLICT ("organization_id", "contact_id", "channel") DO UPDATE
    SET "state" = excluded."state", "record_id" = excluded."record_id", "recorded_at" = excluded."recorded_at"
    WHERE present."state" <> 'opted_out' AND excluded."recorded_at" >= present."recorded_at";
END
$$;
