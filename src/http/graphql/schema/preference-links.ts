import { confirmConsent } from '../../../domain/preference-links/confirm.ts'
import { createConfirmationLink, createPreferenceLink, type NewLink } from '../../../domain/preference-links/create.ts'
import { findWrittenContact } from '../../../domain/contacts/queries.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel } from './enums.ts'
import { type InputFields, mutation } from './mutations.ts'

const PreferenceLink = builder.objectRef<NewLink>('PreferenceLink').implement({
  description:
    'A link with which a contact sees and changes its preferences, without a key. It names no address. Treat it like a password of the contact: send it to ' +
    'the contact alone.',
  fields: (t) => ({
    url: t.string({
      nullable: false,
      description: 'The page with the preferences, for the text of a message. Opening it changes nothing.',
      resolve: ({ token }, _args, { publicUrl }) => `${publicUrl}/preferences/${token}`,
    }),
    oneClickUrl: t.string({
      nullable: false,
      description:
        'A POST of `List-Unsubscribe=One-Click` to it opts out (RFC 8058), even after the link has expired. A GET shows the page.',
      resolve: ({ token }, _args, { publicUrl }) => oneClickUrl(publicUrl, token),
    }),
    listUnsubscribe: t.string({
      nullable: false,
      description: 'The value of the header `List-Unsubscribe` of an email.',
      resolve: ({ token }, _args, { publicUrl }) => `<${oneClickUrl(publicUrl, token)}>`,
    }),
    listUnsubscribePost: t.string({
      nullable: false,
      description: 'The value of the header `List-Unsubscribe-Post` of an email.',
      resolve: () => 'List-Unsubscribe=One-Click',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false, description: 'When the page is no longer shown.' }),
  }),
})

function oneClickUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/preferences/${token}/unsubscribe`
}

const ConfirmationLink = builder.objectRef<NewLink>('ConfirmationLink').implement({
  description: 'A link with which a contact confirms an opt-in. Send it to the contact alone.',
  fields: (t) => ({
    url: t.string({
      nullable: false,
      description: 'A page with a button. Opening it changes nothing.',
      resolve: ({ token }, _args, { publicUrl }) => `${publicUrl}/preferences/${token}/confirm`,
    }),
    token: t.exposeString('token', { nullable: false, description: 'The token for `confirmConsent`, for a page of your own.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false, description: 'When it can no longer be confirmed.' }),
  }),
})

const linkFields = (channel: string, days: string) => (t: InputFields) => ({
  contactId: t.id({ required: true, description: 'The id of the contact.' }),
  channel: t.field({ type: Channel, description: channel }),
  topic: t.string({ description: 'The key or the id of a topic. Default: the whole channel.' }),
  expiresInDays: t.int({ description: days }),
})

mutation('createPreferenceLink', {
  description:
    'Creates a link to the preferences of a contact, and the URL and headers of its one-click opt-out. Links begin with the `PUBLIC_URL` of the gateway. ' +
    'Needs the scope contacts:write.',
  input: {
    description: 'Whose link it is, and what its one-click request opts out of.',
    fields: linkFields(
      'The channel on which you send the link, and which its one-click request opts out of. Default: `EMAIL`.',
      'For how long the page is shown, 1 to 730 days. Default: 90.',
    ),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The link, or why there is none.' },
  resolve: (input, context) => createPreferenceLink(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') }),
  payload: {
    description: 'The link.',
    fields: (t) => ({
      link: t.field({ type: PreferenceLink, nullable: false, description: 'The link.', resolve: (link) => link }),
    }),
  },
})

mutation('createConfirmationLink', {
  description: 'Creates a link with which a contact confirms an opt-in that is `PENDING`: double opt-in. Needs the scope contacts:write.',
  input: {
    description: 'Whose opt-in it is.',
    fields: linkFields('The channel of the opt-in. Default: `EMAIL`.', 'For how long it can be confirmed, 1 to 730 days. Default: 7.'),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The link, or why there is none.' },
  resolve: (input, context) => createConfirmationLink(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') }),
  payload: {
    description: 'The link.',
    fields: (t) => ({
      link: t.field({ type: ConfirmationLink, nullable: false, description: 'The link.', resolve: (link) => link }),
    }),
  },
})

mutation('confirmConsent', {
  description:
    'Confirms an opt-in with the token of a confirmation link, for a page of your own. Confirming it again changes nothing. Needs the scope contacts:write.',
  input: {
    description: 'What is confirmed.',
    fields: (t) => ({ token: t.string({ required: true, description: 'The token of the link.' }) }),
  },
  errors: { types: [InvalidInput], description: 'The contact, or why nothing was confirmed.' },
  async resolve({ token }, context) {
    return { contact: await findWrittenContact(context, await confirmConsent(context, token)) }
  },
  payload: {
    description: 'The opt-in is confirmed.',
    fields: (t) => ({
      contact: t.field({
        type: Contact,
        nullable: true,
        description: 'The contact; null if it is deleted by now.',
        resolve: ({ contact }) => contact,
      }),
    }),
  },
})
