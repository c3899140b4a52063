-- Two contacts of one number have one key, so "contacts_living_phone_key" refuses what this index refused, for the release before too; that looks contacts up
-- by number in the other indexes meanwhile.
DROP INDEX CONCURRENTLY "contacts_living_phone";
