-- Whether an organization has more than half of all contacts, by what the planner knows of them; no, where it does not know. A statement goes by it when
-- it chooses its way, so it need not be exact. Its cost is about what it takes, so that whatever is cheaper is asked before it.
CREATE FUNCTION has_most_contacts(organization text) RETURNS boolean LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000 AS $$
BEGIN
    RETURN coalesce((
        SELECT most_common_freqs[array_position(most_common_vals::text::text[], organization)] > 0.5
        FROM pg_stats
        WHERE schemaname = current_schema() AND tablename = 'contacts' AND attname = 'organization_id'
    ), false);
END
$$;
