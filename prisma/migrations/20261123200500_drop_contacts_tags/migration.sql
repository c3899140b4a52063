-- As with "contacts_search".
DROP INDEX CONCURRENTLY "contacts_tags";
