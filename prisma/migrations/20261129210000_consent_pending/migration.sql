-- In a file of its own: a value of an enum cannot be used in the transaction that adds it.
ALTER TYPE "consent_state" ADD VALUE 'pending';
