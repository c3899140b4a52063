import { auditList, auditPosition, findAuditEntries } from '../../../domain/audit/queries.ts'
import { type AuditAction, auditActions } from '../../../domain/audit/rules.ts'
import { builder } from './builder.ts'
import { connectionTypes, resolveFilteredPage } from './connections.ts'
import { Contact } from './contacts.ts'
import { node, NodeInterface } from './node.ts'

const Action = builder.enumType('AuditAction', {
  description: 'What can be done, by the noun that it is done to.',
  values: Object.fromEntries(
    auditActions.map((action) => [action.replace('.', '_').toUpperCase(), { value: action, description: sentence(action) }]),
  ),
})

function sentence(action: AuditAction): string {
  const [noun = '', verb = ''] = action.split('.')
  if (action === 'activities.recorded') return 'Activities of a contact were recorded, or what was recorded of them changed.'
  return `A ${noun.replaceAll('_', ' ')} was ${verb.replaceAll('_', ' ')}.`
}

const AuditEntry = builder.prismaObject('AuditEntry', {
  interfaces: [NodeInterface],
  ...node('auditEntry', ({ loaders }, id) => loaders.auditEntry.load(id)),
  fields: (t) => ({
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: false }),
    action: t.field({
      type: Action,
      nullable: false,
      description: 'What was done.',
      // proof: only audit() writes actions, and it takes nothing else
      resolve: (entry) => entry.action as AuditAction,
    }),
    subjectId: t.exposeID('subjectId', { nullable: false }),
    contact: t.field({
      type: Contact,
      description: 'The contact that it was about; null where it was about none, or the contact is deleted.',
      resolve: (entry, _args, context) => (entry.contactId === null ? null : context.loaders.contact.load(entry.contactId)),
    }),
    contactId: t.exposeID('contactId'),
    fields: t.exposeStringList('fields', { nullable: false }),
    actorId: t.exposeID('actorId', { nullable: false }),
    actorName: t.exposeString('actorName', { nullable: false }),
    requestId: t.exposeString('requestId'),
  }),
})

const AuditEntries = connectionTypes(AuditEntry, 'AuditEntry', {
  page: 'A page of the audit log.',
  edge: 'An entry and its position in the log.',
})

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which entries to list. All given fields must match; omitted fields match everything.',
  fields: (t) => ({
    contactId: t.id({ description: 'Those about this contact.' }),
    subjectId: t.id({ description: 'Those about the thing with this id.' }),
    actorId: t.id({ description: 'Those of this API key, or of the token `jwt:` and its subject.' }),
    actions: t.field({ type: [Action], description: 'Any of these.' }),
    from: t.field({ type: 'DateTime', description: 'At or after this time.' }),
    to: t.field({ type: 'DateTime', description: 'Before this time.' }),
  }),
})

builder.queryFields((t) => ({
  auditLog: t.connection(
    {
      type: AuditEntry,
      nullable: false,
      description: 'Who did what to whom, newest first: an entry for every change, written together with it. Needs the scope audit:read.',
      args: { filter: t.arg({ type: AuditFilter, description: 'Which entries to list. Default: all.' }) },
      resolve: resolveFilteredPage({
        list: () => auditList,
        read: (_root, { filter }, context, page) => findAuditEntries(context, filter ?? {}, page),
        position: auditPosition,
      }),
    },
    AuditEntries.Connection,
    AuditEntries.Edge,
  ),
}))
