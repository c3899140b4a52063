import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import type { Limiters } from '../../../data/limiter.ts'
import { changeByLink, optOutByLink } from '../../../domain/preference-links/commands.ts'
import { confirmByLink, getConfirmation } from '../../../domain/preference-links/confirm.ts'
import type { LinkServices } from '../../../domain/preference-links/context.ts'
import { InvalidLink } from '../../../domain/preference-links/errors.ts'
import { getPreferencePage } from '../../../domain/preference-links/queries.ts'
import { otherMethods } from '../../methods.ts'
import { readBody } from '../../request-body.ts'
import type { HttpEnv } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import { editsOf, type Posted, postedOf } from './form.ts'
import { createLinkLimits } from './limits.ts'
import { isPageLanguage, type PageLanguage, texts } from './texts.ts'
import { confirmationPage, optOutPage, type PageFrame, plainPage, preferencesPage } from './view.ts'

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
      if (error instanceof InvalidLink) return problemPage(c, error, pathOf(token))
      throw error
    }
  }

  const showPreferences: Serve = async (c, token) => {
    const page = await getPreferencePage(services, token)
    return c.html(preferencesPage(frameOf(c, page.language), page, pathOf(token), c.req.query('saved') !== undefined))
  }
  const optOut: Serve = async (c, token) => {
    await optOutByLink(services, token, c.get('request').id)
    return c.html(plainPage(frameOf(c, null), texts[languageOf(c, null)].unsubscribed, null))
  }
  const save: Serve = async (c, token) => {
    const { form, isOneClick } = await readPosted(c)
    // Senders put the link of the page into the header, too: the opt-out must not be lost.
    if (isOneClick) return optOut(c, token)
    const { language } = await getPreferencePage(services, token)
    if (form === null) return unreadableForm(c, language)
    await changeByLink(services, token, { edits: editsOf(form), language: languageOf(c, language) }, c.get('request').id)
    return c.redirect(`${pathOf(token)}?saved`, 303)
  }
  const unsubscribe: Serve = async (c, token) => ((await readPosted(c)).isOneClick ? optOut(c, token) : unreadableForm(c, null))
  const showConfirmation: Serve = async (c, token) => {
    const confirmation = await getConfirmation(services, token)
    return c.html(confirmationPage(frameOf(c, confirmation.language), confirmation, `${pathOf(token)}/confirm`))
  }
  const confirm: Serve = async (c, token) => {
    const { form } = await readPosted(c)
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

/** Says what is wrong with a link. One that has served its time still opts out. */
function problemPage(c: PageContext, { problem }: InvalidLink, path: string): Response | Promise<Response> {
  const [words, frame] = [texts[languageOf(c, null)], frameOf(c, null)]
  if (problem === 'invalid') return c.html(plainPage(frame, words.broken, words.brokenHint), 404)
  const isConfirmation = c.req.path.endsWith('/confirm')
  return c.html(isConfirmation ? plainPage(frame, words.expired, words.expiredHint) : optOutPage(frame, `${path}/unsubscribe`), 410)
}

function unreadableForm(c: PageContext, language: string | null): Response | Promise<Response> {
  const words = texts[languageOf(c, language)]
  return c.html(plainPage(frameOf(c, language), words.broken, words.brokenHint), 400)
}

async function readPosted(c: PageContext): Promise<Posted> {
  return postedOf(c.req.header('content-type') ?? '', await readBody(c.req.raw, maxBytes))
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
