const story = (
  contacts: string,
) => `# The history of a contact: latest entries (timeline), stages and touches (journey), and a summary (profile).
# Press ▶ or Ctrl+Enter. The documentation is behind the first button on the left.
query Story {
  ${contacts} {
    nodes {
      displayName
      company
      lifecycleStage
      profile {
        engagement { score recency frequency replies replyRate preferredChannel bestLocalHour timezone }
        openTickets { subject priority }
      }
      timeline(first: 5) {
        totalCount
        nodes { occurredAt __typename channel direction title }
      }
      journey {
        stages { stage enteredAt leftAt touches { channel count } }
        entries(first: 8) { nodes { occurredAt stage type title } }
      }
    }
  }
}
`

const newest = `# The first contacts, newest first, with their latest notes.
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

const search = `# Finds parts of names, companies, emails and phone numbers. Case, accents and the format of numbers do not matter.
query Search {
  contacts(first: 10, filter: { search: "garcia" }, orderBy: { field: NAME, direction: ASC }) {
    totalCount
    nodes { id displayName company phoneFormatted(style: NATIONAL) countryCode }
  }
}
`

const change = `# A mutation returns its payload or a typed refusal. Run it twice to see a refusal.
mutation Create {
  createContact(input: {
    firstName: "Ana"
    lastName: "Example"
    phone: "+1 (415) 555-2671 x12"
    email: "ana@example.com"
    tags: ["from GraphiQL"]
  }) {
    __typename
    ... on CreateContactPayload { contact { id displayName phone phoneExtension countryCode lifecycleStage } }
    ... on ContactAlreadyExists { message existing { id displayName } }
    ... on Error { code message }
  }
}
`

const judgement = `# What may be sent, and what to do next. Every weight is part of the score.
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

const record = `# Activities are recorded in batches; each item has its own outcome. Run it twice: the external ids prevent duplicates.
mutation Record {
  recordActivities(input: { activities: [
    { message: {
      externalId: "graphiql-1", contact: { email: "ana@example.com" }, createContact: true
      occurredAt: "2026-01-15T09:30:00Z", channel: EMAIL, direction: INBOUND, subject: "Hello"
    } }
    { event: {
      externalId: "graphiql-2", contact: { email: "ana@example.com" }
      occurredAt: "2026-01-15T09:35:00Z", name: "page_viewed", properties: { page: "/pricing" }
    } }
  ] }) {
    ... on RecordActivitiesPayload { outcomes { index status id code message } }
    ... on Error { code message }
  }
}
`

const live = `# Changes as they happen. Press ▶, then change a contact in another tab (the tab "Create", say) and look here.
subscription Live {
  contactsChanged {
    eventId
    changes {
      kinds
      fields
      matches
      contact { displayName lifecycleStage tags }
    }
  }
}
`

const imports = `# Imports, and the contacts that a rollback kept. rollbackImport(input: { id: … }) rolls an import back within 24 hours.
query Imports {
  importJobs(first: 5) {
    totalCount
    nodes {
      id status createdBy createdAt
      totalRows created updated unchanged skipped
      skippedCsvPath
      rollbackExpiresAt
      rollback { reversed kept failed keptRows(first: 5) { nodes { rowNumber reasonCode message } } }
    }
  }
}
`

const whoAmI = `# The organization and the key of this request.
query WhoAmI {
  viewer {
    organization { name settings { defaultCountry } }
    key { name hint expiresAt }
    scopes
  }
}
`

/** The tabs that GraphiQL opens with. The demo has a contact with a long history. */
export function exampleTabs(demoKey: string | null): { query: string }[] {
  const contacts = demoKey === null ? 'contacts(first: 1)' : 'contacts(first: 1, filter: { search: "maya okafor" })'
  return [story(contacts), newest, search, judgement, change, record, imports, live, whoAmI].map((query) => ({ query }))
}
