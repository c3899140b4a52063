import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Confirmation } from '../../../domain/preference-links/confirm.ts'
import type { ChannelChoice, PreferencePage, TopicChoice } from '../../../domain/preference-links/queries.ts'
import type { ChannelName } from '../../../kernel/channels.ts'
import { fieldName, shownName } from './form.ts'
import { style } from './style.ts'
import { type PageLanguage, type Texts, texts } from './texts.ts'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** What every page is made with. */
export interface PageFrame {
  readonly language: PageLanguage
  /** Allows the style in the page's policy. */
  readonly nonce: string
}

/** Shows the preferences of a contact as a form that works without scripts. @param action the path that the form is sent to */
export function preferencesPage(frame: PageFrame, page: PreferencePage, action: string, isSaved: boolean): Html {
  const words = texts[frame.language]
  return layout(
    frame,
    words.title,
    html`<h1>${words.title}</h1>
      ${isSaved ? html`<p class="note" role="status">${words.saved}</p>` : ''}
      <p class="soft">${words.lead(page.organizationName)}</p>
      ${page.mayOptIn ? '' : html`<p class="note">${words.moved}</p>`}
      <form method="post" action="${action}" autocomplete="off">
        ${page.channels.map((choice) => channelFields(words, choice, page.mayOptIn))}
        <p class="soft">${words.noMeans}</p>
        ${
          page.topics.length === 0
            ? ''
            : html`<h2>${words.topics}</h2>
                <p class="soft">${words.topicsNote}</p>
                ${page.topics.map((topic) => topicFields(words, topic, page.mayOptIn))}`
        }
        <div class="actions">
          <button type="submit">${words.save}</button>
          <button type="submit" class="second" name="everything" value="opted_out">${words.all}</button>
        </div>
      </form>`,
  )
}

function channelFields(words: Texts, { channel, state, isSuppressed }: ChannelChoice, mayOptIn: boolean): Html {
  const name = fieldName(channel, null)
  const choice = (value: 'opted_in' | 'opted_out', label: string, isDisabled: boolean) =>
    html`<label
      ><input
        type="radio"
        name="${name}"
        value="${value}"
        ${state === value ? 'checked' : ''}
        ${isDisabled ? 'disabled' : ''}
      />${label}</label
    >`
  return html`<fieldset>
    <legend>${channelName(words, channel)}</legend>
    ${isSuppressed ? html`<p>${words.suppressed}</p>` : ''}
    ${choice('opted_in', words.yes, isSuppressed || (!mayOptIn && state !== 'opted_in'))} ${choice('opted_out', words.no, false)}
    ${shownAs(name, state)}
  </fieldset>`
}

function topicFields(words: Texts, { topic, choices }: TopicChoice, mayOptIn: boolean): Html {
  return html`<fieldset>
    <legend>${topic.name}</legend>
    ${choices.map(({ channel, isOn, isPending }) => {
      const name = fieldName(channel, topic.id)
      return html`<label
          ><input type="checkbox" name="${name}" value="opted_in" ${isOn ? 'checked' : ''} ${isOn || mayOptIn ? '' : 'disabled'} /><span
            >${channelName(words, channel)}${isPending ? html` <span class="soft">(${words.pending})</span>` : ''}</span
          ></label
        >${shownAs(name, isOn ? 'opted_in' : 'opted_out')}`
    })}
  </fieldset>`
}

/** What the page showed: only what differs from it is a change, whatever has happened since. */
function shownAs(name: string, state: string): Html {
  return html`<input type="hidden" name="${shownName(name)}" value="${state}" />`
}

/** Asks for the confirmation of an opt-in, or says that it is confirmed. */
export function confirmationPage(frame: PageFrame, confirmation: Confirmation, action: string): Html {
  const words = texts[frame.language]
  const { channel, topic, organizationName, isConfirmed } = confirmation
  const channelWord = channelName(words, channel)
  const subject = topic === null ? channelWord : `${topic.name} (${channelWord})`
  return layout(
    frame,
    words.confirmTitle,
    isConfirmed
      ? html`<h1>${words.confirmTitle}</h1>
          <p class="note" role="status">${words.confirmed}</p>`
      : html`<h1>${words.confirmTitle}</h1>
          <p>${words.confirmLead(subject, organizationName)}</p>
          <form method="post" action="${action}">
            <div class="actions"><button type="submit" name="confirm" value="yes">${words.confirm}</button></div>
          </form>
          <p class="soft">${words.ignore}</p>`,
  )
}

/** Says one thing. */
export function plainPage(frame: PageFrame, title: string, text: string | null): Html {
  return layout(
    frame,
    title,
    html`<h1>${title}</h1>
      ${text === null ? '' : html`<p>${text}</p>`}`,
  )
}

/** Says that a link has expired, with a button that opts out all the same. @param action the path of the one-click request */
export function optOutPage(frame: PageFrame, action: string): Html {
  const words = texts[frame.language]
  return layout(
    frame,
    words.expired,
    html`<h1>${words.expired}</h1>
      <p>${words.expiredHint}</p>
      <form method="post" action="${action}">
        <div class="actions"><button type="submit" name="List-Unsubscribe" value="One-Click">${words.unsubscribe}</button></div>
      </form>`,
  )
}

/** Names of brands are the same in every language. */
const brands = {
  fax: 'Fax',
  instagram: 'Instagram',
  line: 'LINE',
  messenger: 'Messenger',
  rcs: 'RCS',
  sms: 'SMS',
  viber: 'Viber',
  whatsapp: 'WhatsApp',
} as const

function channelName(words: Texts, channel: ChannelName): string {
  return channel === 'email' || channel === 'voice' || channel === 'push' ? words[channel] : brands[channel]
}

function layout({ language, nonce }: PageFrame, title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`
}
