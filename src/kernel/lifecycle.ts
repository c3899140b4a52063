import { plainLetters } from './countries.ts'
import { didYouMean } from './did-you-mean.ts'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** The stages of a contact, in the order in which a contact usually passes them. */
export const lifecycleStages = ['subscriber', 'lead', 'qualified', 'opportunity', 'customer', 'advocate', 'churned'] as const

export type StageName = (typeof lifecycleStages)[number]

/** What other tools and people call the stages. Words that can mean several (active, inactive, lost, other) are not among them. */
const otherNames: Readonly<Record<StageName, string>> = {
  subscriber:
    'subscribers, newsletter subscriber, blog subscriber, Abonnent, abonné, suscriptor, assinante, iscritto, abonnee, subskrybent',
  lead: 'leads, prospects, warm lead, hot lead, cold lead, new lead, open lead, raw lead, prospect, suspect, inquiry, enquiry, Interessent, prospecto, prospecção, potenziale, potential, potencjalny klient, new',
  qualified:
    'qualified lead, qualified leads, MQLs, SQLs, MQL, SQL, SAL, PQL, marketing qualified lead, sales qualified lead, sales accepted lead, product qualified lead, ' +
    'marketing qualified, sales qualified, marketing accepted lead, qualifizierter Lead, qualifiziert, lead qualifié, qualifié, ' +
    'lead cualificado, lead calificado, cualificado, calificado, lead qualificado, qualificado, lead qualificato, qualificato, gekwalificeerd, ' +
    'gekwalificeerde lead, zakwalifikowany',
  opportunity:
    'opportunities, deal, in negotiation, negotiation, sales opportunity, open opportunity, Verkaufschance, Chance, opportunité, oportunidad, oportunidade, opportunità, kans, szansa, szansa sprzedaży',
  customer:
    'customers, clients, client, active customer, active client, paying customer, existing customer, current customer, buyer, won, closed won, Kunde, Kundin, ' +
    'Bestandskunde, cliente, klant, klient',
  advocate:
    'advocates, evangelists, evangelist, promoter, ambassador, champion, brand advocate, Fürsprecher, Botschafter, ambassadeur, embajador, embaixador, ambasciatore, ambasador',
  churned:
    'churn, churned customer, former customer, ex customer, past customer, lost customer, cancelled customer, canceled customer, former client, ' +
    'ehemaliger Kunde, verlorener Kunde, ancien client, client perdu, cliente perdido, ex cliente, cliente perso, oud klant, utracony klient',
}

const stagesByName = new Map<string, StageName>(
  lifecycleStages.flatMap((stage) => [stage, ...otherNames[stage].split(',')].map((name) => [plainLetters(name), stage] as const)),
)

/** The stage of a name: ours in any case, or one of those that other tools use, with or without a remark in parentheses; null if it is neither. */
export function findLifecycleStage(text: string): StageName | null {
  const parts = [text, text.replace(/\s*\(.*$/, ''), /\(([^)]*)\)/.exec(text)?.[1] ?? '']
  return parts.map((part) => stagesByName.get(plainLetters(part))).find((stage) => stage !== undefined) ?? null
}

/** Accepts a stage like {@link findLifecycleStage}. @throws InvalidInput */
export function parseLifecycleStage(text: string, field = 'lifecycleStage'): StageName {
  const stage = findLifecycleStage(text)
  if (stage !== null) return stage
  throw new InvalidInput(`There is no such lifecycle stage.${didYouMean(text, lifecycleStages)}`, {
    field,
    value: shorten(text),
    expected: `one of ${lifecycleStages.join(', ')}`,
  })
}
