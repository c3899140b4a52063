-- What recording activities needs: when a ticket came to its status (of two reports about it the later one counts), and an
-- index that leads to the first touch on a channel and counts touches without looking at the table.

-- AlterTable
ALTER TABLE "tickets" ADD COLUMN     "status_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- Of the tickets that there are, this is the best that is known.
UPDATE "tickets" SET "status_at" = COALESCE("closed_at", "first_reply_at", "occurred_at");

-- CreateIndex
CREATE INDEX "messages_by_channel" ON "messages"("organization_id", "contact_id", "channel", "occurred_at", "id", "direction");

-- What no program may write, ours included.
ALTER TABLE "calls"
    ADD CONSTRAINT "calls_duration" CHECK ("duration_seconds" >= 0);
ALTER TABLE "events"
    ADD CONSTRAINT "events_properties" CHECK (jsonb_typeof("properties") = 'object');

-- The name of a time zone if this server knows it, else null. The program that accepted the name may know younger zones than
-- the server does, and one contact's zone must not break the reading of a whole page.
CREATE FUNCTION known_timezone(name text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM now() AT TIME ZONE name;
    RETURN name;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN NULL;
END
$$;
