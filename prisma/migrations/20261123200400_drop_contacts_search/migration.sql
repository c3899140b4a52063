-- The release before is served by "contacts_living_search" too: it looks at living contacts only.
DROP INDEX CONCURRENTLY "contacts_search";
