-- Distributes the tables of a migrated database over the nodes of a Citus cluster, by organization: all rows of an organization are on one
-- node, and every statement of a request goes to that node. Run it again after a release that adds tables: what is distributed stays.
--
--   psql -v ON_ERROR_STOP=1 -1 -d contacts -f prisma/citus.sql
--
-- Needs Citus 13 on every node, with pg_trgm and btree_gin, and the migrations applied on the coordinator. Rows move to their nodes, and
-- writes wait meanwhile: stop the gateways. docs/scaling.md has the whole procedure.

CREATE EXTENSION IF NOT EXISTS citus;

-- Settings that later sessions and migrations need too, on every node. The triggers that keep recorded rows look at rows of their own
-- organization only, which Citus cannot know; time limits on locks must reach the nodes; and the sessions of a gateway switch the compiling of
-- statements off on the coordinator alone, while a node would compile most searches for longer than it runs them.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET citus.enable_unsafe_triggers = on', current_database());
    EXECUTE format('ALTER DATABASE %I SET citus.propagate_set_commands = ''local''', current_database());
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
END
$$;
SET LOCAL citus.enable_unsafe_triggers = on;
-- Statements on several tables in one transaction, one shard after the other.
SET LOCAL citus.multi_shard_modify_mode = 'sequential';

-- A table that local tables refer to cannot be distributed: its foreign keys go first and come back afterwards.
CREATE TEMPORARY TABLE foreign_keys_to_restore ON COMMIT DROP AS
SELECT c.conrelid::regclass::text AS of_table, c.conname::text AS name, pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c
WHERE c.contype = 'f'
  AND c.connamespace = current_schema()::regnamespace
  AND (
      NOT EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.conrelid)
      OR NOT EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.confrelid)
  );

DO $$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT * FROM foreign_keys_to_restore LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', item.of_table, item.name);
    END LOOP;

    -- Every table of an organization refers to organizations, and a key is found before its organization is known: both tables are small and
    -- are kept whole on every node.
    FOR item IN
        SELECT c.oid::regclass AS relation, c.relname IN ('organizations', 'api_keys') AS is_reference
        FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace
          AND c.relkind = 'r'
          AND NOT EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.oid)
          AND (
              c.relname = 'organizations'
              OR EXISTS (
                  SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
              )
          )
        -- contacts first: the others are put beside it.
        ORDER BY c.relname <> 'contacts', c.relname
    LOOP
        IF item.is_reference THEN
            PERFORM create_reference_table(item.relation);
        ELSIF item.relation = 'contacts'::regclass THEN
            PERFORM create_distributed_table(item.relation, 'organization_id', colocate_with => 'none');
        ELSE
            PERFORM create_distributed_table(item.relation, 'organization_id', colocate_with => 'contacts');
        END IF;
    END LOOP;

    FOR item IN SELECT * FROM foreign_keys_to_restore LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', item.of_table, item.name, item.definition);
    END LOOP;

    -- The rows that the coordinator had are on the nodes now.
    FOR item IN
        SELECT d.logicalrelid AS relation FROM pg_dist_partition d WHERE d.partmethod = 'h' ORDER BY d.logicalrelid::text = 'contacts'
    LOOP
        PERFORM truncate_local_data_after_distributing_table(item.relation);
    END LOOP;
END
$$;

-- rate_limits and _prisma_migrations belong to no organization and stay on the coordinator.
