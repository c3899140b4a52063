import { plainLetters } from '../../../kernel/countries.ts'
import { activecampaign } from './layouts/activecampaign.ts'
import { apple } from './layouts/apple.ts'
import { brevo } from './layouts/brevo.ts'
import { chatwoot } from './layouts/chatwoot.ts'
import { erpnext } from './layouts/erpnext.ts'
import { google } from './layouts/google.ts'
import { hubspot } from './layouts/hubspot.ts'
import { intercom } from './layouts/intercom.ts'
import { klaviyo } from './layouts/klaviyo.ts'
import { listmonk } from './layouts/listmonk.ts'
import { mailchimp } from './layouts/mailchimp.ts'
import { mautic } from './layouts/mautic.ts'
import { odoo } from './layouts/odoo.ts'
import { outlook } from './layouts/outlook.ts'
import { pipedrive } from './layouts/pipedrive.ts'
import { salesforce } from './layouts/salesforce.ts'
import { shopify } from './layouts/shopify.ts'
import { twenty } from './layouts/twenty.ts'
import { zoho } from './layouts/zoho.ts'
import { specOfPattern } from './vocabulary/patterns.ts'
import { chinese, hindi, japanese, korean, malay, thai, vietnamese } from './vocabulary/asia.ts'
import { dutch } from './vocabulary/dutch.ts'
import {
  baltic,
  bulgarian,
  czech,
  greek,
  hungarian,
  romanian,
  russian,
  slovak,
  southSlavic,
  ukrainian,
} from './vocabulary/eastern-europe.ts'
import { english } from './vocabulary/english.ts'
import { french } from './vocabulary/french.ts'
import { german } from './vocabulary/german.ts'
import { italian } from './vocabulary/italian.ts'
import { arabic, hebrew, persian, turkish } from './vocabulary/middle-east.ts'
import { danish, finnish, icelandic, norwegian, swedish } from './vocabulary/nordic.ts'
import { polish } from './vocabulary/polish.ts'
import { portuguese } from './vocabulary/portuguese.ts'
import { spanish } from './vocabulary/spanish.ts'
import type { Layout, Spec, Vocabulary } from './vocabulary/vocabulary.ts'

type Names = ReadonlyMap<string, Spec>

/** The tables of the languages, in the order in which they are asked. */
const languages: readonly Names[] = [
  english, german, french, spanish, portuguese, italian, dutch, polish,
  swedish, danish, norwegian, finnish, icelandic, czech, slovak, hungarian, romanian, russian, ukrainian, bulgarian, greek, southSlavic, baltic,
  turkish, arabic, hebrew, persian, japanese, chinese, korean, thai, vietnamese, malay, hindi,
].map(namesOf) // prettier-ignore

interface KnownLayout {
  readonly tool: string
  /** Each set of columns that identifies the tool. */
  readonly marks: readonly (readonly string[])[]
  readonly columns: Names
}

/** The tools' layouts, in the order in which they are asked: a file can have the marks of several. */
const layouts: readonly KnownLayout[] = [
  google, outlook, apple, mailchimp, klaviyo, shopify, intercom, listmonk, twenty, mautic, odoo, erpnext, chatwoot, hubspot, zoho, salesforce,
  brevo, pipedrive, activecampaign,
].map(({ tool, marks, columns }: Layout) => ({
  tool,
  marks: marks.map((set) => set.split(',').map((name) => plainName(name))),
  columns: namesOf(columns),
})) // prettier-ignore

function namesOf(vocabulary: Vocabulary): Names {
  const names = new Map<string, Spec>()
  // proof: the keys of a vocabulary are specs
  for (const [spec, list] of Object.entries(vocabulary) as [Spec, string][]) {
    for (const name of list.split(',')) if (!names.has(plainName(name))) names.set(plainName(name), spec)
  }
  return names
}

/** What two spellings of a column's name have in common: no case, accents, spaces or punctuation. */
export function plainName(name: string): string {
  return plainLetters(name.normalize('NFKC'))
}

/** What the columns of a header become, and whose layout the file has. */
export interface Recognized {
  readonly tool: string | null
  /** In the order of the columns; null for a column that no table has. */
  readonly specs: readonly (Spec | null)[]
}

/**
 * Recognizes the columns of a file by the tool that it comes from, else by their names in any of the languages: of two tables that have a
 * name, the one counts that has more of the header.
 */
export function recognizeColumns(header: readonly string[]): Recognized {
  const names = header.map(plainName)
  const present = new Set(names)
  const tools = layouts
    .map((layout) => ({ layout, score: scoreOf(layout, present) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ layout }) => layout)
  const [tool] = tools
  const known = (table: Names) => names.filter((name) => table.has(name)).length
  const tables = [...(tool === undefined ? [] : [tool.columns]), ...languages.toSorted((one, other) => known(other) - known(one))]
  const specs = header.map((name, index) => specOf(name, names[index] ?? '', tables))
  return { tool: tool?.tool ?? null, specs }
}

/** How many of a layout's columns a header has, if it has one of the sets of columns that identify the tool; else 0. */
function scoreOf({ marks, columns }: KnownLayout, present: ReadonlySet<string>): number {
  const met = marks.filter((set) => set.every((name) => present.has(name)))
  if (met.length === 0) return 0
  return 3 * met.length + [...present].filter((name) => columns.has(name)).length
}

function specOf(name: string, plain: string, tables: readonly Names[]): Spec | null {
  if (plain === '') return null
  for (const table of tables) {
    const spec = table.get(plain)
    if (spec !== undefined) return spec
  }
  const find = (other: string) => tables.map((table) => table.get(plainName(other))).find((spec) => spec !== undefined) ?? null
  return specOfPattern(name, find)
}
