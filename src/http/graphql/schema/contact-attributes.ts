import type { Contact as ContactRow } from '../../../data/generated/client.ts'
import { type AttributeOfContact, kindOf } from '../../../domain/attributes/values.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { AttributeDefinition } from './attribute-definitions.ts'
import { builder, type GraphQLContext } from './builder.ts'
import { needs } from './compiled-fields.ts'
import { Contact } from './contacts.ts'

const maxKeys = 100

const names = {
  text: 'TextAttribute',
  number: 'NumberAttribute',
  boolean: 'BooleanAttribute',
  date: 'DateAttribute',
  date_time: 'DateTimeAttribute',
  enum: 'EnumAttribute',
  url: 'UrlAttribute',
  json: 'JsonAttribute',
} as const

type Kind = keyof typeof names

/** The members of the union: what each has beside the key and the definition. The union decides by `kindOf`, so the values have these types. */
const members = [
  member('text', 'A text.', (t) => ({
    text: t.string({ nullable: false, description: 'The text.', resolve: ({ value }) => value as string }),
  })),
  member('number', 'A number.', (t) => ({
    number: t.float({ nullable: false, description: 'The number.', resolve: ({ value }) => value as number }),
  })),
  member('boolean', 'True or false.', (t) => ({
    boolean: t.boolean({ nullable: false, description: 'Whether it is true.', resolve: ({ value }) => value as boolean }),
  })),
  member('date', 'A day.', (t) => ({
    date: t.string({ nullable: false, description: 'The day, as `2026-02-01`.', resolve: ({ value }) => value as string }),
  })),
  member('date_time', 'A time.', (t) => ({
    dateTime: t.field({ type: 'DateTime', nullable: false, description: 'The time.', resolve: ({ value }) => new Date(value as string) }),
  })),
  member('enum', 'One of the options of the definition.', (t) => ({
    option: t.string({ nullable: false, description: 'The option.', resolve: ({ value }) => value as string }),
  })),
  member('url', 'An address.', (t) => ({
    url: t.string({ nullable: false, description: 'The address.', resolve: ({ value }) => value as string }),
  })),
  member('json', 'A value of an attribute without a definition, or one that does not fit its definition.', (t) => ({
    json: t.field({ type: 'JSON', nullable: false, description: 'The value.', resolve: ({ value }) => value as never }),
  })),
]

type Fields = Parameters<Parameters<ReturnType<typeof objectOf>['implement']>[0]['fields'] & object>[0]

function objectOf(kind: Kind) {
  return builder.objectRef<AttributeOfContact>(names[kind])
}

function member(
  kind: Kind,
  description: string,
  ownFields: (t: Fields) => ReturnType<NonNullable<Parameters<ReturnType<typeof objectOf>['implement']>[0]['fields']>>,
) {
  return objectOf(kind).implement({
    description,
    fields: (t) => ({
      key: t.exposeString('key', { nullable: false, description: 'The key of the attribute.' }),
      definition: t.field({
        type: AttributeDefinition,
        description: 'The definition of the attribute; null if it has none that is in use.',
        resolve: ({ definition }) => definition,
      }),
      ...ownFields(t),
    }),
  })
}

const ContactAttribute = builder.unionType('ContactAttribute', {
  description: 'The value of a custom attribute with its type. Every type has `key` and `definition`.',
  types: members,
  resolveType: (value) => names[kindOf(value)],
})

async function valueOf({ customAttributes }: ContactRow, key: string, { loaders }: GraphQLContext): Promise<AttributeOfContact | null> {
  const value = isJsonObject(customAttributes) && Object.hasOwn(customAttributes, key) ? customAttributes[key] : null
  if (value === null || value === undefined) return null
  return { key, value, definition: await loaders.attributeByKey.load(key) }
}

builder.prismaObjectFields(Contact, (t) => ({
  attribute: t.field({
    type: ContactAttribute,
    description: 'The value of one custom attribute; null if the contact has none.',
    args: { key: t.arg.string({ required: true, description: 'The key of the attribute.' }) },
    ...needs('customAttributes'),
    resolve: (contact, { key }, context) => valueOf(contact, key, context),
  }),
  attributes: t.field({
    type: [ContactAttribute],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 5 },
    description: 'The values of custom attributes. Attributes that the contact does not have are left out.',
    args: {
      keys: t.arg.stringList({ description: 'The keys in the order of the answer, at most 100. Default: all, sorted by their keys.' }),
    },
    ...needs('customAttributes'),
    async resolve(contact, { keys }, context) {
      if ((keys?.length ?? 0) > maxKeys) {
        throw new InvalidInput(`${keys?.length} keys cannot be read at a time.`, { field: 'keys', expected: `at most ${maxKeys} keys` })
      }
      const { customAttributes } = contact
      const wanted = keys ?? (isJsonObject(customAttributes) ? Object.keys(customAttributes).toSorted() : [])
      const values = await Promise.all([...new Set(wanted)].map((key) => valueOf(contact, key, context)))
      return values.filter((value) => value !== null)
    },
  }),
}))
