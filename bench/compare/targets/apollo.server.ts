// Apollo Server 5 with Prisma, as a textbook has it: a resolver for each root field, and `include` for what hangs on it.
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '../../../src/data/generated/client.ts'

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env['DATABASE_URL'] }) })
const organizationId = (await prisma.organization.findFirstOrThrow()).id

const typeDefs = `#graphql
  type Query {
    contacts(first: Int!, search: String, digits: String, tags: [String!], stage: String): [Contact!]!
    page(first: Int!): [Contact!]!
    contact(id: ID!): Contact
    timeline(contactId: ID!, first: Int!, skip: Int!): [TimelineEntry!]!
  }
  type Mutation { createNote(contactId: ID!, body: String!): Note! }
  type Contact {
    id: ID! phone: String email: String firstName: String lastName: String company: String countryCode: String lifecycleStage: String! tags: [String!]! createdAt: String!
    notes: [Note!]! timeline: [TimelineEntry!]! channelPreferences: [Preference!]!
  }
  type Note { id: ID! body: String! pinned: Boolean! author: String! createdAt: String! }
  type TimelineEntry { id: ID! occurredAt: String! direction: String subject: String durationSeconds: Int }
  type Preference { channel: String! state: String! }
`

const newest = [{ occurredAt: 'desc' as const }, { id: 'desc' as const }]

/** What hangs on a contact: so many notes, and so many of each kind of entry, of which the timeline is merged. */
function hanging(notes: number, entries: number) {
  const some = { take: entries, orderBy: newest }
  return {
    notes: { take: notes, orderBy: [{ createdAt: 'desc' as const }, { id: 'desc' as const }] },
    messages: some,
    calls: some,
    tickets: some,
    events: some,
    channelPreferences: true,
  }
}

type Entry = { id: string; occurredAt: Date; direction?: string; subject?: string | null; name?: string; durationSeconds?: number | null }
type Kinds = { messages: Entry[]; calls: Entry[]; tickets: Entry[]; events: Entry[] }

function merge({ messages, calls, tickets, events }: Kinds, size: number): Entry[] {
  return [...messages, ...calls, ...tickets, ...events]
    .toSorted((one, other) => other.occurredAt.getTime() - one.occurredAt.getTime() || (one.id < other.id ? 1 : -1))
    .slice(0, size)
    .map((entry) => ({ ...entry, subject: entry.subject ?? entry.name ?? null }))
}

const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

const resolvers = {
  Query: {
    contacts: (
      _: unknown,
      { first, search, digits, tags, stage }: { first: number; search?: string; digits?: string; tags?: string[]; stage?: 'customer' },
    ) =>
      prisma.contact.findMany({
        where: {
          organizationId,
          deletedAt: null,
          ...(search && { searchText: { contains: search } }),
          ...(digits && { phone: { contains: digits } }),
          ...(tags && { tagKeys: { hasSome: tags } }),
          ...(stage && { lifecycleStage: stage }),
        },
        orderBy,
        take: first,
      }),
    page: async (_: unknown, { first }: { first: number }) => {
      const contacts = await prisma.contact.findMany({
        where: { organizationId, deletedAt: null },
        orderBy,
        take: first,
        include: hanging(3, 5),
      })
      return contacts.map((contact) => ({ ...contact, timeline: merge(contact, 5) }))
    },
    contact: async (_: unknown, { id }: { id: string }) => {
      const contact = await prisma.contact.findUnique({ where: { organizationId_id: { organizationId, id } }, include: hanging(6, 20) })
      return contact && { ...contact, timeline: merge(contact, 20) }
    },
    timeline: async (_: unknown, { contactId, first, skip }: { contactId: string; first: number; skip: number }) => {
      const some = { where: { organizationId, contactId }, orderBy: newest, take: first + skip }
      const [messages, calls, tickets, events] = await Promise.all([
        prisma.message.findMany(some),
        prisma.call.findMany(some),
        prisma.ticket.findMany(some),
        prisma.event.findMany(some),
      ])
      return merge({ messages, calls, tickets, events }, first + skip).slice(skip)
    },
  },
  Mutation: {
    createNote: (_: unknown, { contactId, body }: { contactId: string; body: string }) => {
      const now = new Date()
      return prisma.note.create({
        data: { organizationId, id: `note_${crypto.randomUUID()}`, contactId, body, author: 'Bench', createdAt: now, updatedAt: now },
      })
    },
  },
  Contact: { createdAt: ({ createdAt }: { createdAt: Date }) => createdAt.toISOString() },
  Note: { createdAt: ({ createdAt }: { createdAt: Date }) => createdAt.toISOString() },
  TimelineEntry: { occurredAt: ({ occurredAt }: { occurredAt: Date }) => occurredAt.toISOString() },
}

await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), { listen: { port: Number(process.env['PORT']), host: '127.0.0.1' } })
