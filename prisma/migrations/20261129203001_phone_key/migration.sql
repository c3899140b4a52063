-- What numbers are compared by, where that is not the number itself: numbers of Mexico without the 1 behind the country prefix, those of Argentina and of
-- Brazilian mobiles with the 9, as src/kernel/phone-key.ts says. Null everywhere else, so that what the release before inserts is compared as well. The keys
-- are written by "consent_by_address".
ALTER TABLE "contacts" ADD COLUMN "phone_key" TEXT;
