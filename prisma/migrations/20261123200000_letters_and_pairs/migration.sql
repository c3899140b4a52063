-- The letters of a text and its pairs of neighbours, some of them more than once: what a search for one or two letters is looked up by, which trigrams
-- cannot be. No text that is searched has the control character that stands between them here. Its cost is about what it takes, so that the planner
-- does not ask it of many rows; and it keeps others from starting processes to share the work, which takes longer than the index does.
CREATE FUNCTION letters_and_pairs(text text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 1000 AS $$
BEGIN
    RETURN string_to_array(regexp_replace(text, '..', E'\\&\x01', 'g'), E'\x01')
        || string_to_array(regexp_replace(substr(text, 2), '..', E'\\&\x01', 'g'), E'\x01')
        || string_to_array(text, NULL);
END
$$;
