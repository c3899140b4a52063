const findPeople = `# The first contacts, newest first, with their latest notes. Press ▶ or Ctrl+Enter.
# The documentation is behind the first button on the left.
query Newest {
  contacts(first: 5) {
    totalCount
    nodes {
      displayName
      phoneFormatted
      email
      lifecycleStage
      tags
      notes(first: 2) {
        nodes { body author createdAt }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`

const search = `# Any part of a name, company, email or phone; case, accents and the way a number is written do not matter.
query Search {
  contacts(first: 10, filter: { search: "garcia" }, orderBy: { field: NAME, direction: ASC }) {
    totalCount
    nodes { id displayName company phoneFormatted(style: NATIONAL) countryCode }
  }
}
`

const change = `# Every mutation answers with the thing itself or with a typed refusal: run it twice to see one.
mutation Create {
  createContact(input: {
    firstName: "Ana"
    lastName: "Example"
    phone: "+1 (415) 555-2671 x12"
    email: "ana@example.com"
    tags: ["from GraphiQL"]
  }) {
    __typename
    ... on Contact { id displayName phone phoneExtension countryCode lifecycleStage }
    ... on ContactAlreadyExists { message existing { id displayName } }
    ... on Error { code message }
  }
}
`

const judgement = `# What may be sent, and what to do next. Every weight is a part of the score.
query Judgement {
  contacts(first: 5, filter: { lifecycleStage: [CUSTOMER, OPPORTUNITY] }) {
    nodes {
      displayName
      preferences { channel state }
      frequencyCaps { globalCaps { name usage { used remaining resetsAt } } }
      sendDecision(channel: SMS, category: MARKETING) { allowed reasons { code message } nextAllowedAt }
      nextBestActions(first: 2) { action channel score confidence reasons { message weight } suggestedAt }
    }
  }
}
`

const whoAmI = `# The organization and the key behind the header X-API-Key.
query WhoAmI {
  viewer {
    organization { name settings { defaultCountry } }
    key { name hint expiresAt }
    scopes
  }
}
`

/** What GraphiQL opens with. */
export function exampleTabs(key: string | null): { query: string; headers: string }[] {
  const headers = JSON.stringify({ 'X-API-Key': key ?? 'dv_live_sk_… (your key)' }, null, 2)
  return [findPeople, search, judgement, change, whoAmI].map((query) => ({ query, headers }))
}
