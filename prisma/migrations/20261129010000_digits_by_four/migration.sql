-- Every four digits that stand next to each other in a text: what a part of a phone number is looked up by. Three digits, as trigrams are, stand in the
-- numbers of many contacts; four in those of a tenth of them. The digits are ASCII ones in every locale. Its cost, and that it is for one process alone:
-- as with letters_and_pairs.
CREATE FUNCTION digits_by_four(text text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 1000 AS $$
DECLARE
    fours text[] := '{}';
    digits text;
BEGIN
    FOREACH digits IN ARRAY string_to_array(regexp_replace(text, '[^0-9]+', ' ', 'g'), ' ') LOOP
        FOR start IN 1 .. length(digits) - 3 LOOP
            fours := fours || substr(digits, start, 4);
        END LOOP;
    END LOOP;
    RETURN fours;
END
$$;
