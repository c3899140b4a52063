-- The number that was called or that called. Of earlier calls it is not known.
alter table calls add column address_key text;
