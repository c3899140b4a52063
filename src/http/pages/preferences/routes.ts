import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import type { Limiters } from '../../../data/limiter.ts'
import { changeByLink, optOutByLink } from '../../../domain/preference-links/commands.ts'
import { confirmByLink, getConfirmation } from '../../../domain/preference-links/confirm.ts'
import type { LinkServices } from '../../../domain/preference-links/context.ts'
import { InvalidLink } from '../../../domain/preference-links/errors.ts'
import { getPreferencePage } from '../../../domain/preference-links/queries.ts'
import { otherMethods } from '../../methods.ts'
import { mediaTypeOf, readBody } from '../../request-body.ts'
import type { HttpEnv } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import { editsOf } from './form.ts'
import { createLinkLimits } from './limits.ts'
import { isPageLanguage, type PageLanguage, texts } from './texts.ts'
import { confirmationPage, type PageFrame, plainPage, preferencesPage } from './view.ts'

export interface PreferencePageServices extends LinkServices {
  readonly limiters: Limiters
  readonly settings: Pick<HttpSettings, 'publicUrl' | 'rateLimits'>
}

type PageContext = Context<HttpEnv>
type Serve = (c: PageContext, token: string) => Promise<Response>

const maxBytes = 64 * 1024

/**
 * The pages that contacts open with a link, without a key: `/preferences/{token}` with the one-click URL `/unsubscribe` below it, and `/confirm` for double
 * opt-in. A GET never changes anything: mail scanners open every link.
 */
export function preferencePages(services: PreferencePageServices): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const limits = createLinkLimits(services.settings.rateLimits !== null, services.limiters)
  const prefix = new URL(services.settings.publicUrl).pathname.replace(/\/$/, '')
  const pathOf = (token: string) => `${prefix}/preferences/${token}`

  const guarded = (operation: string, serve: Serve) => async (c: PageContext) => {
    const token = c.req.param('token') ?? ''
    c.get('request').operation = operation
    c.header('Cache-Control', 'no-store')
    const wait = await limits.charge(token, c.get('request').client)
    if (wait !== null) {
      c.header('Retry-After', String(wait))
      const { busy, busyHint } = texts[languageOf(c, null)]
      return c.html(plainPage(frameOf(c, null), busy, busyHint), 429)
    }
    try {
      return await serve(c, token)
    } catch (error) {
      if (error instanceof InvalidLink) return problemPage(c, error)
      throw error
    }
  }

  const showPreferences: Serve = async (c, token) => {
    const page = await getPreferencePage(services, token)
    return c.html(preferencesPage(frameOf(c, page.language), page, pathOf(token), c.req.query('saved') !== undefined))
  }
  const save: Serve = async (c, token) => {
    const { language } = await getPreferencePage(services, token)
    const form = await readForm(c)
    if (form === null) return unreadableForm(c, language)
    await changeByLink(services, token, { edits: editsOf(form), language: languageOf(c, language) }, c.get('request').id)
    return c.redirect(`${pathOf(token)}?saved`, 303)
  }
  const unsubscribe: Serve = async (c, token) => {
    if (!(await isOneClick(c))) return unreadableForm(c, null)
    await optOutByLink(services, token, c.get('request').id)
    return c.html(plainPage(frameOf(c, null), texts[languageOf(c, null)].unsubscribed, null))
  }
  const showConfirmation: Serve = async (c, token) => {
    const confirmation = await getConfirmation(services, token)
    return c.html(confirmationPage(frameOf(c, confirmation.language), confirmation, `${pathOf(token)}/confirm`))
  }
  const confirm: Serve = async (c, token) => {
    const form = await readForm(c)
    if (form?.get('confirm') !== 'yes') return unreadableForm(c, null)
    await confirmByLink(services, token, c.get('request').id)
    return c.redirect(`${pathOf(token)}/confirm`, 303)
  }

  app.get('/:token', guarded('showPreferences', showPreferences))
  app.post('/:token', guarded('changePreferences', save))
  app.get('/:token/unsubscribe', guarded('showPreferences', showPreferences))
  app.post('/:token/unsubscribe', guarded('oneClickUnsubscribe', unsubscribe))
  app.get('/:token/confirm', guarded('showConfirmation', showConfirmation))
  app.post('/:token/confirm', guarded('confirmConsent', confirm))
  for (const path of ['/:token', '/:token/unsubscribe', '/:token/confirm']) app.all(path, otherMethods(services.now, ['GET', 'POST']))
  return app
}

function problemPage(c: PageContext, { problem }: InvalidLink): Response | Promise<Response> {
  const words = texts[languageOf(c, null)]
  return problem === 'invalid'
    ? c.html(plainPage(frameOf(c, null), words.broken, words.brokenHint), 404)
    : c.html(plainPage(frameOf(c, null), words.expired, words.expiredHint), 410)
}

function unreadableForm(c: PageContext, language: string | null): Response | Promise<Response> {
  const words = texts[languageOf(c, language)]
  return c.html(plainPage(frameOf(c, language), words.broken, words.brokenHint), 400)
}

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** The fields of a form that was sent in one of the two ways in which browsers send forms; null for anything else. */
async function readForm(c: PageContext): Promise<FormData | null> {
  const type = c.req.header('content-type') ?? ''
  return formTypes.includes(mediaTypeOf(type)) ? formOf(await readBody(c.req.raw, maxBytes), type) : null
}

function formOf(body: Uint8Array<ArrayBuffer>, type: string): Promise<FormData | null> {
  return new Response(body, { headers: { 'Content-Type': type } }).formData().catch(() => null)
}

/** Whether a mail client sent the request of RFC 8058. The RFC's own example has a boundary that no parser of forms accepts. */
async function isOneClick(c: PageContext): Promise<boolean> {
  const type = c.req.header('content-type') ?? ''
  if (!formTypes.includes(mediaTypeOf(type))) return false
  const body = await readBody(c.req.raw, maxBytes)
  const form = await formOf(body, type)
  if (form !== null) return form.get('List-Unsubscribe') === 'One-Click'
  return /\bname="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/.test(new TextDecoder().decode(body))
}

function frameOf(c: PageContext, language: string | null): PageFrame {
  return { language: languageOf(c, language), nonce: c.get('secureHeadersNonce') ?? '' }
}

/** The language of the contact; else the first one of the browser's that we have; else English. */
function languageOf(c: PageContext, language: string | null): PageLanguage {
  if (language !== null && isPageLanguage(language)) return language
  const found = accepts(c, {
    header: 'Accept-Language',
    supports: Object.keys(texts),
    default: 'en',
    match(accepted, { default: fallback }) {
      const wanted = accepted.filter(({ q }) => q > 0).toSorted((one, other) => other.q - one.q)
      return wanted.map(({ type }) => type.toLowerCase().split('-', 1)[0] ?? '').find(isPageLanguage) ?? fallback
    },
  })
  return isPageLanguage(found) ? found : 'en'
}
