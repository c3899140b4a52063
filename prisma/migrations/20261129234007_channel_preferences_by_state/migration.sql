-- Contacts by what holds on a channel, for filters by consent.
CREATE INDEX CONCURRENTLY "channel_preferences_by_state" ON "channel_preferences"("organization_id", "channel", "state", "contact_id");
