-- Everything that contacts are looked up by in one index, so that it answers any of it together: words by their trigrams, shorter ones by letters and pairs, tags, stage and country.
CREATE INDEX CONCURRENTLY "contacts_living_search" ON "contacts" USING GIN (
    "organization_id",
    "search_text" gin_trgm_ops,
    letters_and_pairs("search_text") COLLATE "C",
    "tag_keys",
    (ARRAY["lifecycle_stage"]),
    (ARRAY["country_code"])
) WHERE deleted_at IS NULL;
