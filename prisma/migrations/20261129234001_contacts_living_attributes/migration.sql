-- Values of custom attributes, for filters by "has this value". What was written last waits in a list that every reader goes through: at most half a megabyte.
CREATE INDEX CONCURRENTLY "contacts_living_attributes" ON "contacts" USING GIN ("organization_id" varchar_ops, "custom_attributes" jsonb_path_ops) WITH (gin_pending_list_limit = 512) WHERE (deleted_at is null);
