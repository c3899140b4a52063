-- What ends an opt-out at an address: looked for when an older opt-out arrives late.
CREATE INDEX CONCURRENTLY "consent_records_by_address" ON "consent_records"("organization_id", "address_key", "recorded_at") WHERE ((address_key is not null) and (state <> 'opted_out'::consent_state));
