-- Null until a key is used under this release. Adding a column without a default rewrites no row.
ALTER TABLE "api_keys" ADD COLUMN "last_used_at" TIMESTAMPTZ(3);
