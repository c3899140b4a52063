/** A migration that has another form now than when it was first applied. */
export interface RewrittenMigration {
  readonly name: string
  /** The checksum of its earlier form. */
  readonly earlier: string
  /** The migrations that do now what only the earlier form did. */
  readonly into: readonly string[]
}

/** Migrations whose earlier form wrote the rows of busy tables while it kept them locked. */
export const rewrittenMigrations: readonly RewrittenMigration[] = [
  {
    name: '20261129203001_phone_key',
    earlier: '6b296c1fc6052e5aaad4a354cbd60fed6188ef6a14e30498f0f2f64d6c55b43a',
    into: [],
  },
  {
    name: '20261129210017_consent_by_address',
    earlier: 'c1f797168d9a60a987abce4c4a505d4170ac2ff93cb957bfe97dd50226a0b969',
    into: [
      '20261129210001_address_tables',
      '20261129210002_addresses_of_contacts',
      '20261129210003_suppressions_of_organizations',
      '20261129210004_stop_words_of_organizations',
      '20261129210005_addresses_of_messages',
      '20261129210006_addresses_of_consent',
      '20261129210007_preferences_without_entry',
    ],
  },
  {
    name: '20261129212731_sending',
    earlier: 'bba8e34b72b57dc4c687f7445b6b27a30be129f5f87111b323fc9aa52f7c4795',
    into: ['20261129212732_transactional_rules'],
  },
  {
    name: '20261130000117_contact_points',
    earlier: '0c1d6c584b875712fdf1962b1240b8397e14bda9f8e959ab8cc21196714c35c2',
    into: [],
  },
]
