CREATE TYPE "attribute_type" AS ENUM ('text', 'number', 'boolean', 'date', 'date_time', 'enum', 'url');

CREATE TABLE "attribute_definitions" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "label" TEXT NOT NULL,
    "type" "attribute_type" NOT NULL,
    "options" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "enforced_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 1,
    "indexed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attribute_definitions_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "contact_attributes" (
    "organization_id" TEXT COLLATE "C" NOT NULL,
    "attribute_id" TEXT COLLATE "C" NOT NULL,
    "contact_id" TEXT COLLATE "C" NOT NULL,
    "fits" BOOLEAN NOT NULL,
    "text_value" TEXT COLLATE "C",
    "number_value" DECIMAL,
    "time_value" TIMESTAMPTZ(3),

    CONSTRAINT "contact_attributes_pkey" PRIMARY KEY ("organization_id","attribute_id","contact_id")
);

CREATE UNIQUE INDEX "attribute_definitions_key" ON "attribute_definitions"("organization_id", "key") WHERE archived_at is null;

CREATE INDEX "contact_attributes_by_contact" ON "contact_attributes"("organization_id", "contact_id");

CREATE INDEX "contact_attributes_by_number" ON "contact_attributes"("organization_id", "attribute_id", "number_value", "contact_id") WHERE (number_value is not null);

CREATE INDEX "contact_attributes_by_time" ON "contact_attributes"("organization_id", "attribute_id", "time_value", "contact_id") WHERE (time_value is not null);

CREATE INDEX "contact_attributes_unfit" ON "contact_attributes"("organization_id", "attribute_id", "contact_id") WHERE (not fits);

-- A row of an index has at most 2,700 bytes, and texts can be longer: what finds a text by its beginning compares the whole of it as well.
CREATE INDEX "contact_attributes_by_text" ON "contact_attributes"("organization_id", "attribute_id", "left"("text_value", 200), "contact_id") WHERE (text_value is not null);

CREATE INDEX "contact_attributes_by_part" ON "contact_attributes" USING GIN ("organization_id" varchar_ops, "attribute_id" varchar_ops, lower("text_value") gin_trgm_ops) WITH (gin_pending_list_limit = 512) WHERE (text_value is not null);

ALTER TABLE "attribute_definitions" ADD CONSTRAINT "attribute_definitions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

ALTER TABLE "contact_attributes" ADD CONSTRAINT "contact_attributes_organization_id_attribute_id_fkey" FOREIGN KEY ("organization_id", "attribute_id") REFERENCES "attribute_definitions"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- The definitions that are in use, which do not change until the transaction ends. The lock comes first, and the statement after it sees what was written
-- while it was waited for: a single statement would read what was there when it began.
CREATE FUNCTION shared_attribute_definitions(organization text) RETURNS SETOF "attribute_definitions" LANGUAGE plpgsql VOLATILE STRICT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7263003, hashtext(organization));
    RETURN QUERY SELECT * FROM "attribute_definitions" d WHERE d."organization_id" = organization COLLATE "C" AND d."archived_at" IS NULL ORDER BY d."key";
END
$$;
