import { lazy, Suspense, useState } from 'react'
import { Options } from '../shared/options.tsx'
import type { ConsentState, ContactFilter, DefinitionFragment } from '../generated/operations.ts'
import { channels } from '../shared/channels.ts'
import { channelName, countryName, words } from '../shared/format.ts'
import { stages } from '../shared/stages.ts'
import { text } from '../shared/text.ts'
import { conditionText } from './condition-text.ts'

const AttributeCondition = lazy(() => import('./attribute-condition.tsx').then((module) => ({ default: module.AttributeCondition })))

const states: readonly ConsentState[] = ['OPTED_IN', 'OPTED_OUT', 'UNKNOWN']

interface FilterChipsProps {
  readonly filter: ContactFilter
  /** Of attributes in use. */
  readonly definitions: readonly DefinitionFragment[]
  readonly onChange: (filter: ContactFilter) => void
}

interface Chip {
  readonly label: string
  readonly without: ContactFilter
}

/** The conditions of the list as chips that can be removed, and one control for each kind of condition to add one. All of them must hold. */
export function FilterChips({ filter, definitions, onChange }: FilterChipsProps) {
  const { addFilter } = text.contacts
  const [isAsking, setIsAsking] = useState(false)
  const add = (key: 'lifecycleStage' | 'tags' | 'countryCode', value: string): void =>
    onChange({ ...filter, [key]: [...new Set([...list(filter[key]), value])] })
  return (
    <div className="chips">
      {chipsOf(filter, definitions).map(({ label, without }) => (
        <button key={label} type="button" className="chip" aria-label={text.contacts.removeFilter(label)} onClick={() => onChange(without)}>
          {label} ×
        </button>
      ))}
      <Choose label={addFilter.stage} options={stages} name={words} onChoose={(stage) => add('lifecycleStage', stage)} />
      <AddText label={addFilter.tag} onAdd={(tag) => add('tags', tag)} />
      <AddText label={addFilter.country} maxLength={2} onAdd={(code) => add('countryCode', code.toUpperCase())} />
      <Choose
        label={addFilter.consent}
        options={channels.flatMap((channel) => states.map((state) => `${channel} ${state}` as const))}
        name={(option) => option.split(' ').map(partName).join(': ')}
        onChoose={(option) => {
          const channel = channels.find((name) => option.startsWith(`${name} `))
          const state = states.find((name) => option.endsWith(` ${name}`))
          if (channel && state) onChange({ ...filter, consent: { channel, states: [state] } })
        }}
      />
      <Choose
        label={addFilter.more}
        options={['isBlocked true', 'isBlocked false', 'hasEmail true', 'hasEmail false', 'hasPhone true', 'hasPhone false'] as const}
        name={(option) => text.contacts.flags[option]}
        onChoose={(option) => {
          const [key = '', value] = option.split(' ')
          onChange({ ...filter, [key]: value === 'true' })
        }}
      />
      <button type="button" className="chip" onClick={() => setIsAsking(true)}>
        + {addFilter.attribute}
      </button>
      {isAsking && (
        <Suspense fallback={null}>
          <AttributeCondition
            definitions={definitions}
            onClose={() => setIsAsking(false)}
            onAdd={(condition) => {
              onChange({ ...filter, attributes: [...(Array.isArray(filter.attributes) ? filter.attributes : []), condition] })
              setIsAsking(false)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

/** The name of a channel or of a state of consent. */
function partName(part: string): string {
  return channels.some((channel) => channel === part) ? channelName(part) : words(part).toLowerCase()
}

/** The values of a list in a filter, which may be absent. */
function list(value: string | readonly string[] | null | undefined): readonly string[] {
  return Array.isArray(value) ? value : []
}

function chipsOf(filter: ContactFilter, definitions: readonly DefinitionFragment[]): Chip[] {
  const { lifecycleStage, tags, countryCode, consent, attributes } = filter
  const items = (key: 'lifecycleStage' | 'tags' | 'countryCode', name: (value: string) => string): Chip[] =>
    list(filter[key]).map((value) => {
      const left = list(filter[key]).filter((other) => other !== value)
      const { [key]: _present, ...others } = filter
      return { label: name(value), without: left.length === 0 ? others : { ...others, [key]: left } }
    })
  const one = (key: keyof ContactFilter, label: string): Chip => {
    const { [key]: _present, ...others } = filter
    return { label, without: others }
  }
  const flags = (['isBlocked', 'hasEmail', 'hasPhone'] as const).flatMap((key) =>
    typeof filter[key] === 'boolean' ? [one(key, text.contacts.flags[`${key} ${filter[key] ? 'true' : 'false'}`])] : [],
  )
  return [
    ...(lifecycleStage ? items('lifecycleStage', words) : []),
    ...(tags ? items('tags', (tag) => tag) : []),
    ...(countryCode ? items('countryCode', countryName) : []),
    ...(consent ? [one('consent', `${channelName(consent.channel)}: ${list(consent.states).map(partName).join(', ')}`)] : []),
    ...flags,
    ...(Array.isArray(attributes)
      ? attributes.map((condition) => {
          const left = attributes.filter((other) => other !== condition)
          const { attributes: _present, ...others } = filter
          return { label: conditionText(condition, definitions), without: left.length === 0 ? others : { ...others, attributes: left } }
        })
      : []),
  ]
}

interface ChooseProps<Option extends string> {
  readonly label: string
  readonly options: readonly Option[]
  readonly name: (option: Option) => string
  readonly onChoose: (option: Option) => void
}

function Choose<Option extends string>({ label, options, name, onChoose }: ChooseProps<Option>) {
  return (
    <select
      className="chip-input"
      aria-label={text.contacts.add(label)}
      value=""
      onChange={({ target }) => {
        const option = options.find((candidate) => candidate === target.value)
        if (option !== undefined) onChoose(option)
      }}
    >
      <option value="">+ {label}</option>
      <Options names={options} label={name} />
    </select>
  )
}

interface AddTextProps {
  readonly label: string
  readonly maxLength?: number
  readonly onAdd: (value: string) => void
}

function AddText({ label, maxLength, onAdd }: AddTextProps) {
  const [value, setValue] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() !== '') onAdd(value.trim())
        setValue('')
      }}
    >
      <input
        className="chip-input"
        aria-label={text.contacts.add(label)}
        placeholder={`+ ${label}`}
        value={value}
        {...(maxLength !== undefined && { maxLength })}
        onChange={({ target }) => setValue(target.value)}
      />
    </form>
  )
}
