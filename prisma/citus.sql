-- Distributes the tables of a migrated database over the nodes of a Citus cluster, by organization: all rows of an organization stand on
-- one node, and every statement of a request goes to that node (the test suite reads every statement to see to it).
--
--   psql -v ON_ERROR_STOP=1 -1 -d contacts -f prisma/citus.sql
--
-- Needs Citus 11 or newer on every node, with pg_trgm and btree_gin installed there, and the migrations applied on the coordinator.
-- Rows that are there already are moved; nobody can write meanwhile, so do it with the gateway stopped. docs/scaling.md has the whole way.
-- Not tried: no Citus could be installed where this was written. The limits that it works around are those of Citus' documentation.

CREATE EXTENSION IF NOT EXISTS citus;

-- The triggers that keep the past as it is look at the row before them and at nothing else, which is the kind that Citus calls safe to be
-- allowed by this setting. It has to stay on while triggers are created by later migrations.
SET LOCAL citus.enable_unsafe_triggers = on;

-- First what every organization's tables refer to. A key is looked up before its organization is known, by a unique hash that no
-- distributed table could have: both tables are small, seldom written, and whole on every node.
SELECT create_reference_table('organizations');
SELECT create_reference_table('api_keys');

-- Then each table after those that it refers to, all of them colocated.
SELECT create_distributed_table('contacts', 'organization_id');
SELECT create_distributed_table('lifecycle_transitions', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('notes', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('blocks', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('consent_records', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('channel_preferences', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('messages', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('calls', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('tickets', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('events', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('frequency_cap_rules', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('quiet_hours_rules', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('send_reservations', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('idempotency_records', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('audit_entries', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('contact_addresses', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('suppressions', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('topics', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('reply_habits', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('suggestion_outcomes', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('import_jobs', 'organization_id', colocate_with => 'contacts');
SELECT create_distributed_table('import_rows', 'organization_id', colocate_with => 'contacts');
-- What subscriptions are told from. A place in it is made of transactions' numbers, which each node has of its own: whether Citus
-- takes them and the snapshot from the same node is the first thing to try before anybody subscribes there.
SELECT create_distributed_table('changes', 'organization_id', colocate_with => 'contacts');

-- Reads of a timeline ask it on the node where the rows are.
SELECT create_distributed_function('known_timezone(text)');

-- rate_limits and _prisma_migrations stay where they are, on the coordinator: they belong to no organization.
