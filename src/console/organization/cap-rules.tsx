import { type FormEvent, useState } from 'react'
import { useQuery } from 'urql'
import { Options } from '../shared/options.tsx'
import { Table } from '../shared/table.tsx'
import {
  DeleteFrequencyCapRuleDocument,
  FrequencyCapRulesDocument,
  UpsertFrequencyCapRuleDocument,
} from '../generated/documents/Organization.ts'
import type { FrequencyCapRulesQuery } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { categories, channels } from '../shared/channels.ts'
import { channelName, duration, valueText, words } from '../shared/format.ts'
import { typed } from '../shared/form.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

type Rule = FrequencyCapRulesQuery['frequencyCapRules'][number]

const day = 86_400

/** The rules, what they count, for whom, and how many contacts each holds back now. What a contact has used of them is on its page. */
export function CapRules({ canWrite }: { readonly canWrite: boolean }) {
  const [{ data, error, fetching }, refresh] = useQuery({ query: FrequencyCapRulesDocument, requestPolicy: 'cache-and-network' })
  const reload = () => refresh({ requestPolicy: 'network-only' })
  const { caps } = text.organization
  return (
    <section className="panel" aria-labelledby="cap-rules-heading">
      <h2 id="cap-rules-heading">{text.contact.caps}</h2>
      <p className="soft">{caps.meaning}</p>
      {error && <Failure error={error} retry={reload} />}
      {!data && fetching && <Skeleton lines={4} />}
      {data?.frequencyCapRules.length === 0 && <Empty>{caps.empty}</Empty>}
      {data && data.frequencyCapRules.length > 0 && (
        <Table columns={caps.columns}>
          {data.frequencyCapRules.map((rule) => (
            <RuleRow key={rule.id} rule={rule} canWrite={canWrite} onChanged={reload} />
          ))}
        </Table>
      )}
      {canWrite && data && <AddRule onChanged={reload} />}
    </section>
  )
}

interface RuleRowProps {
  readonly rule: Rule
  readonly canWrite: boolean
  readonly onChanged: () => void
}

function RuleRow({ rule, canWrite, onChanged }: RuleRowProps) {
  const save = useAction(UpsertFrequencyCapRuleDocument)
  const remove = useAction(DeleteFrequencyCapRuleDocument)
  const { caps } = text.organization
  const isRefused = [save, remove].some((action) => action.refused !== null || action.error !== undefined)
  const changed = (data: unknown): void => {
    if (data !== null) onChanged()
  }
  return (
    <>
      <tr>
        <td>{rule.name}</td>
        <td className="short">{caps.within(rule.limit, duration(rule.windowSeconds))}</td>
        <td className="short">{rule.channel === null ? caps.allChannels : channelName(rule.channel)}</td>
        <td className="short">{rule.category === null ? caps.notTransactional : words(rule.category)}</td>
        <td className="soft break">{audienceOf(rule) || caps.everyone}</td>
        <td className="short">{rule.enabled && <Usage usage={rule.usage} />}</td>
        <td>
          <label className="switch">
            <input
              type="checkbox"
              aria-label={caps.isOn(rule.name)}
              checked={rule.enabled}
              disabled={!canWrite || save.isBusy}
              onChange={({ target }) => void save.run({ input: { id: rule.id, enabled: target.checked } }).then(changed)}
            />
          </label>
        </td>
        <td>
          {canWrite && (
            <button
              type="button"
              className="plain"
              aria-label={`${text.organization.remove} ${rule.name}`}
              disabled={remove.isBusy}
              onClick={() => void remove.run({ input: { id: rule.id } }).then(changed)}
            >
              {text.organization.remove}
            </button>
          )}
        </td>
      </tr>
      {isRefused && (
        <tr>
          <td colSpan={caps.columns.length}>
            <ActionError action={save} />
            <ActionError action={remove} />
          </td>
        </tr>
      )}
    </>
  )
}

/** Contacts at the cap, of those to whom something counts. */
function Usage({ usage }: { readonly usage: Rule['usage'] }) {
  const { caps } = text.organization
  if (usage === null) return <span className="soft">{caps.notCounted}</span>
  const { contactsAtCap, contactsSentTo, isExact } = usage
  return (
    <>
      <span className="number">{caps.atCap(contactsAtCap, contactsSentTo, isExact)}</span>
      <span className="bar against" aria-hidden="true">
        <span style={{ width: `${contactsSentTo === 0 ? 0 : (100 * contactsAtCap) / contactsSentTo}%` }} />
      </span>
    </>
  )
}

function audienceOf({ audience: { lifecycleStages, countryCodes, tags, filter } }: Rule): string {
  return [...lifecycleStages.map(words), ...countryCodes, ...tags, ...(filter === null ? [] : [valueText(filter)])].join(', ')
}

function AddRule({ onChanged }: { readonly onChanged: () => void }) {
  const [channel, setChannel] = useState('')
  const [category, setCategory] = useState('')
  const add = useAction(UpsertFrequencyCapRuleDocument)
  const { caps } = text.organization
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const chosenChannel = channels.find((name) => name === channel)
    const chosenCategory = categories.find((name) => name === category)
    const input = {
      name: typed(given, 'name'),
      limit: Number(given.get('limit')),
      windowSeconds: Number(given.get('days')) * day,
      ...(chosenChannel !== undefined && { channel: chosenChannel }),
      ...(chosenCategory !== undefined && { category: chosenCategory }),
    }
    if ((await add.run({ input })) === null) return
    form.reset()
    onChanged()
  }
  return (
    <details className="record">
      <summary>{caps.add}</summary>
      <form onSubmit={(event) => void submit(event)}>
        <div className="fields four">
          <label>
            <span>{caps.columns[0]}</span>
            <input name="name" required />
          </label>
          <label>
            <span>{caps.limit}</span>
            <input name="limit" type="number" min={1} defaultValue={4} required />
          </label>
          <label>
            <span>{caps.days}</span>
            <input name="days" type="number" min={1} defaultValue={7} required />
          </label>
          <label>
            <span>{text.fields.channel}</span>
            <select value={channel} onChange={({ target }) => setChannel(target.value)}>
              <option value="">{caps.allChannels}</option>
              <Options names={channels} label={channelName} />
            </select>
          </label>
          <label>
            <span>{text.fields.category}</span>
            <select value={category} onChange={({ target }) => setCategory(target.value)}>
              <option value="">{caps.notTransactional}</option>
              <Options names={categories.slice(0, 2)} label={words} />
            </select>
          </label>
        </div>
        <ActionError action={add} />
        <button type="submit" className="primary" disabled={add.isBusy}>
          {caps.add}
        </button>
      </form>
    </details>
  )
}
