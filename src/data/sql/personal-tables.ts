/**
 * Where personal data stands: the one list that erasure, subject data and retention work from. A test compares it with the tables and columns of the
 * database: a new table or column must be entered here before it can be released.
 */

/** A table whose rows belong to one contact, by its `contact_id`. Erasure removes the rows. */
export interface ContactTable {
  readonly table: string
  /** The columns that subject data shows. */
  readonly columns: readonly string[]
  /** Columns without meaning to the person: they repeat others, or name the tenant. */
  readonly hidden?: readonly string[]
  /** Whether another step of erasure removes the rows, because something is kept of them. */
  readonly isKeptAsProof?: boolean
}

/** In the order in which they are erased. The contact itself comes last: it has the values that the rest of the data is searched for. */
export const contactTables: readonly ContactTable[] = [
  {
    table: 'messages',
    columns: words(
      'id external_id channel direction category status routed_to is_automatic resolved_at subject body occurred_at sent_at delivered_at read_at address_key failure_reason may_be_opt_out created_at updated_at',
    ),
  },
  {
    table: 'calls',
    columns: words(
      'id external_id direction status is_automatic resolved_at duration_seconds recording_url address_key occurred_at created_at updated_at',
    ),
  },
  {
    table: 'tickets',
    columns: words('id external_id subject status status_at priority occurred_at first_reply_at closed_at created_at updated_at'),
  },
  { table: 'events', columns: ['id', 'external_id', 'name', 'properties', 'occurred_at', 'created_at', 'updated_at'] },
  { table: 'notes', columns: ['id', 'body', 'pinned', 'author', 'created_at', 'updated_at'] },
  {
    table: 'send_reservations',
    columns: words('id channel category topic_id address occurs_at expires_at used_at activity_id released_at reserved_by created_at'),
  },
  {
    table: 'suggestion_outcomes',
    columns: ['id', 'action', 'subject_id', 'channel', 'outcome', 'until', 'recorded_at', 'recorded_by'],
  },
  { table: 'lifecycle_transitions', columns: ['id', 'from_stage', 'to_stage', 'occurred_at', 'changed_by'] },
  { table: 'blocks', columns: ['id', 'reason', 'blocked_at', 'blocked_by', 'unblocked_at', 'unblocked_by', 'unblock_reason'] },
  { table: 'channel_preferences', columns: ['channel', 'state', 'record_id', 'recorded_at', 'valid_until'] },
  {
    table: 'consent_records',
    isKeptAsProof: true,
    columns: words(
      'id channel topic_id state source lawful_basis purpose text_version proof_url recorded_at recorded_by created_at address_kind address_key valid_until external_id origin message_id proven',
    ),
    hidden: ['dedupe_key'],
  },
  // Repeats the contact's custom attributes.
  { table: 'contact_attributes', columns: ['attribute_id'], hidden: ['fits', 'text_value', 'number_value', 'time_value'] },
  {
    table: 'contact_addresses',
    columns: words('kind value extension label is_primary is_living verified_at unreachable_since unreachable_reason created_at'),
    hidden: ['key', 'is_shared'],
  },
]

/** The contact itself. */
export const contactTable: ContactTable = {
  table: 'contacts',
  columns: words(
    'id phone phone_extension email first_name last_name display_name company country_code timezone language lifecycle_stage tags custom_attributes source revision blocked_at created_at updated_at deleted_at',
  ),
  hidden: [
    'merged_into_id',
    'phone_key',
    'email_key',
    'tag_keys',
    'search_text',
    'search_digits',
    'search_terms',
    'search_version',
    'name_key',
  ],
}

/** A table whose rows stay, and what of them does. */
export interface KeptTable {
  /** Columns that erasure empties, or whose values it replaces, in rows about the person. */
  readonly erased: readonly string[]
  /** Columns that hold nothing of a person. */
  readonly kept: readonly string[]
}

/** Tables whose rows stay, by their names. `erase-*.ts` beside this file empties their columns. */
export const keptTables: Readonly<Record<string, KeptTable>> = {
  suppressions: {
    erased: ['key', 'note', 'lift_reason', 'contact_id', 'record_id'],
    kept: words('organization_id id kind channel topic_id reason since ended_at lifted_at lifted_by created_by created_at'),
  },
  import_rows: {
    erased: ['cells', 'before', 'value', 'message', 'expected', 'further'],
    kept: ['organization_id', 'import_job_id', 'row_number', 'outcome', 'contact_id', 'revision', 'reason_code', 'field'],
  },
  import_jobs: {
    erased: ['mapping'],
    kept: words(
      'organization_id id status on_duplicate default_country dry_run columns options reasons warnings total_rows processed_rows created updated unchanged skipped created_by created_at staged_at completed_at rollback_expires_at rollback_requested_at rollback_requested_by rolled_back_at reversed kept failed is_open position due_at attempts',
    ),
  },
  idempotency_records: {
    erased: ['request_hash', 'response_status', 'response_headers', 'response_body', 'request_id'],
    kept: ['organization_id', 'key', 'created_at', 'completed_at', 'expires_at', 'erased_at'],
  },
  // Rows of merges in which an erased contact took part are removed.
  contact_merges: {
    erased: ['before', 'after', 'summary', 'into_id', 'from_ids'],
    kept: words('organization_id id merged_at merged_by unmerged_at unmerged_by'),
  },
  contact_merge_rows: { erased: ['contact_id', 'row_id'], kept: ['organization_id', 'merge_id', 'kind'] },
  duplicate_dismissals: { erased: ['one_id', 'other_id'], kept: ['organization_id', 'dismissed_at', 'dismissed_by'] },
  // Earlier changes of the contact are removed; one stays that says that it was erased.
  changes: { erased: [], kept: ['organization_id', 'transaction_id', 'id', 'kind', 'contact_id', 'subject_id', 'fields', 'occurred_at'] },
  // Says who did what to which id, and never what stood there.
  audit_entries: {
    erased: [],
    kept: ['organization_id', 'id', 'occurred_at', 'action', 'subject_id', 'contact_id', 'fields', 'actor_id', 'actor_name', 'request_id'],
  },
  // Says which endpoint got an event about which id, and never what stood in it.
  webhook_deliveries: {
    erased: [],
    kept: words(
      'organization_id id endpoint_id sequence type contact_id import_job_id kinds fields occurred_at event_id status attempts next_attempt_at first_attempt_at delivered_at last_status_code last_error created_at',
    ),
  },
  // The proof.
  erasures: {
    erased: [],
    kept: ['organization_id', 'id', 'contact_id', 'reason', 'erased_by', 'erased_at', 'completed_at', 'addresses', 'counts'],
  },
  erased_consents: {
    erased: [],
    kept: words(
      'organization_id id erasure_id channel topic_id state origin lawful_basis text_version recorded_at created_at valid_until address_kind address_hash',
    ),
  },
  // Settings and statistics of the organization.
  api_keys: {
    erased: [],
    kept: ['organization_id', 'id', 'name', 'hash', 'hint', 'scopes', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'],
  },
  frequency_cap_rules: {
    erased: [],
    kept: words(
      'organization_id id name channel category limit window_seconds lifecycle_stages tags country_codes filter enabled created_at updated_at',
    ),
  },
  quiet_hours_rules: {
    erased: [],
    kept: words('organization_id country_code channel_group opens_at closes_at closed_weekdays closed_dates updated_at'),
  },
  attribute_definitions: {
    erased: [],
    kept: words('organization_id id key label type options enforced_at archived_at generation indexed_at created_at updated_at'),
  },
  topics: {
    erased: [],
    kept: words('organization_id id key name channels default_state category double_opt_in archived_at created_at updated_at'),
  },
  webhook_endpoints: {
    erased: [],
    kept: words(
      'organization_id id url description kinds filter imported_contacts enabled secret previous_secret previous_secret_expires_at position needed_from due_at lease leased_until failures retry_at failing_since last_success_at switched_off_at created_at created_by updated_at',
    ),
  },
  reply_habits: { erased: [], kept: ['organization_id', 'habits', 'learned_at'] },
}

/** Whether a column holds a time. */
export function isTime(column: string): boolean {
  return /(?:_at|_since|_until)$|^(?:since|until)$/.test(column)
}

function words(text: string): string[] {
  return text.split(' ')
}
