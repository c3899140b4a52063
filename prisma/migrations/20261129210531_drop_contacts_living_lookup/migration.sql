-- It cost more than all other indexes of the table together. The release before searches by reading an organization's contacts until it is replaced.
DROP INDEX CONCURRENTLY "contacts_living_lookup";
