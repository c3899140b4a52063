-- Accepted: no release has had external ids yet, so there are few rows to write.
-- An id of Salesforce is written with 15 or with 18 characters: both are compared by the 18, of which the last three follow from the others.
update contact_addresses a
set key = a.key
    || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + case when substr(a.value, 1, 1) ~ '[A-Z]' then 1 else 0 end + case when substr(a.value, 2, 1) ~ '[A-Z]' then 2 else 0 end + case when substr(a.value, 3, 1) ~ '[A-Z]' then 4 else 0 end + case when substr(a.value, 4, 1) ~ '[A-Z]' then 8 else 0 end + case when substr(a.value, 5, 1) ~ '[A-Z]' then 16 else 0 end, 1)
    || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + case when substr(a.value, 6, 1) ~ '[A-Z]' then 1 else 0 end + case when substr(a.value, 7, 1) ~ '[A-Z]' then 2 else 0 end + case when substr(a.value, 8, 1) ~ '[A-Z]' then 4 else 0 end + case when substr(a.value, 9, 1) ~ '[A-Z]' then 8 else 0 end + case when substr(a.value, 10, 1) ~ '[A-Z]' then 16 else 0 end, 1)
    || substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + case when substr(a.value, 11, 1) ~ '[A-Z]' then 1 else 0 end + case when substr(a.value, 12, 1) ~ '[A-Z]' then 2 else 0 end + case when substr(a.value, 13, 1) ~ '[A-Z]' then 4 else 0 end + case when substr(a.value, 14, 1) ~ '[A-Z]' then 8 else 0 end + case when substr(a.value, 15, 1) ~ '[A-Z]' then 16 else 0 end, 1)
where a.kind = 'external'
  and a.key = 'salesforce:' || a.value
  and a.value ~ '^[A-Za-z0-9]{15}$'
  -- Of a record that has been kept under both, the one with 18 characters is found.
  and not exists (
    select from contact_addresses other
    where other.organization_id = a.organization_id
      and other.kind = 'external'
      and other.key like 'salesforce:%'
      and left(other.value, 15) = a.value
      and length(other.value) = 18
  );
