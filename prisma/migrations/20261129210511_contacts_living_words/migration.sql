-- Everything that contacts are looked up by in one index, so that it answers any of it together: words and their beginnings by trigrams; digits of numbers
-- and letters beyond ASCII by terms that the program has worked out; tags, stage and country. What was written last waits in a list that every search reads
-- through: at most half a megabyte of it.
CREATE INDEX CONCURRENTLY "contacts_living_words" ON "contacts" USING GIN (
    "organization_id",
    "search_text" gin_trgm_ops,
    "search_terms",
    "tag_keys",
    (ARRAY["lifecycle_stage"]),
    (ARRAY["country_code"])
) WITH (gin_pending_list_limit = 512) WHERE deleted_at IS NULL;
