/**
 * What columns can become, as the tables of names spell it. Behind the colon stands the rank of a phone number or an email address
 * (a mobile number is preferred to others), or the channel that consent is about.
 */
export type Spec =
  | 'phone'
  | 'phone:mobile'
  | 'phone:other'
  | 'phone_extension'
  | 'email'
  | 'email:other'
  | 'first_name'
  | 'first_name:other'
  | 'last_name'
  | 'last_name:other'
  | 'display_name'
  /** The given name, the family name or the whole name, by the columns beside it. */
  | 'name'
  | 'company'
  | 'company:other'
  | 'country_code'
  | 'country_code:other'
  /** The country calling code of a number that stands without it in another column. */
  | 'dialling_code'
  | 'timezone'
  | 'timezone:other'
  | 'language'
  | 'language:other'
  | 'lifecycle_stage'
  | 'lifecycle_stage:other'
  | 'tags'
  | 'custom_attributes'
  /** The ids of other systems, as our own export writes them. */
  | 'external_ids'
  /** The id of one other system. */
  | `external_id:${string}`
  /** Consent by channel, as our own export writes it. */
  | 'preferences'
  /** When the contact was created in the other tool: kept as a custom attribute. */
  | 'first_seen'
  /** Known, and kept as a custom attribute: no other table is asked, and no warning is given. */
  | 'attribute'
  | 'ignored'
  | `${ConsentKind}:${'all' | 'email' | 'sms' | 'voice' | 'fax' | 'whatsapp' | 'push'}`

/**
 * How a column speaks about consent: `opt_out` says yes to an opt-out, `opt_in` says yes to an opt-in, `opt_out_time` is not empty after an
 * opt-out, and `status` can hold the word for one beside others.
 */
export type ConsentKind = 'opt_out' | 'opt_in' | 'opt_out_time' | 'status'

/** Names of columns, separated by commas, by what they become. Case, accents, spaces and punctuation make no difference. */
export type Vocabulary = Partial<Record<Spec, string>>

/** The columns of a tool's export. It applies to files that have some of the columns that only this tool has. */
export interface Layout {
  readonly tool: string
  /** Sets of columns, separated by commas: a file that has all of one set comes from this tool. */
  readonly marks: readonly string[]
  readonly columns: Vocabulary
}
