-- The release before is served by "contacts_living_lookup" too.
DROP INDEX CONCURRENTLY "contacts_living_search";
