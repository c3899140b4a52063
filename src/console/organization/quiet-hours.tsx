import { useState } from 'react'
import { Table } from '../shared/table.tsx'
import { UpdateSettingsDocument } from '../generated/documents/Organization.ts'
import type { ChannelGroup, SettingsFragment, Weekday } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { text } from '../shared/text.ts'

type Rule = SettingsFragment['quietHoursRules'][number]

const groups: readonly ChannelGroup[] = ['PHONE', 'CHAT', 'EMAIL', 'PUSH', 'FAX']
const weekdays: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

interface QuietHoursProps {
  readonly rules: readonly Rule[]
  readonly canWrite: boolean
}

/** When messages go out on the channels of each group, everywhere and in single countries. All rules are saved together. */
export function QuietHours({ rules: saved, canWrite }: QuietHoursProps) {
  const [draft, setDraft] = useState<readonly Rule[] | null>(null)
  const [said, setSaid] = useState('')
  const save = useAction(UpdateSettingsDocument)
  const rules = draft ?? saved
  const change = (index: number, part: Partial<Rule>): void => {
    setSaid('')
    setDraft(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)))
  }
  const submit = async (): Promise<void> => {
    const data = await save.run({ input: { quietHoursRules: rules.map(inputOf) } })
    if (data === null) return
    setDraft(null)
    setSaid(text.organization.saved)
  }
  return (
    <section className="panel" aria-labelledby="quiet-hours-heading">
      <h2 id="quiet-hours-heading">{text.organization.quietHoursHeading}</h2>
      <p className="soft">{text.organization.quietHoursMeaning}</p>
      <Table columns={text.organization.quietColumns} className="editor">
        {rules.map((rule, index) => (
          // Rules have no id, and their order is kept while they are edited.
          // oxlint-disable-next-line react/no-array-index-key
          <QuietRule key={index} rule={rule} canWrite={canWrite} onChange={(part) => change(index, part)}>
            {canWrite && rule.countryCode !== null && (
              <button type="button" className="plain" onClick={() => setDraft(rules.filter((_, at) => at !== index))}>
                {text.organization.remove}
              </button>
            )}
          </QuietRule>
        ))}
      </Table>
      <ActionError action={save} />
      {canWrite && (
        <p className="actions">
          <button type="button" className="primary" disabled={draft === null || save.isBusy} onClick={() => void submit()}>
            {text.organization.save}
          </button>
          <button
            type="button"
            onClick={() =>
              setDraft([
                ...rules,
                {
                  channelGroup: 'PHONE',
                  countryCode: '',
                  opensAt: '08:00',
                  closesAt: '20:00',
                  closedWeekdays: ['SUNDAY'],
                  closedDates: [],
                },
              ])
            }
          >
            {text.organization.addCountry}
          </button>
          {draft !== null && (
            <button type="button" className="plain" onClick={() => setDraft(null)}>
              {text.organization.discard}
            </button>
          )}
          <span role="status" className="soft">
            {said}
          </span>
        </p>
      )}
    </section>
  )
}

interface QuietRuleProps {
  readonly rule: Rule
  readonly canWrite: boolean
  readonly onChange: (part: Partial<Rule>) => void
  readonly children: React.ReactNode
}

function QuietRule({ rule, canWrite, onChange, children }: QuietRuleProps) {
  const { groupNames, weekdayNames, everywhere, quietColumns } = text.organization
  const of = (column: number): string =>
    `${groupNames[rule.channelGroup]}, ${rule.countryCode ?? everywhere}: ${quietColumns[column] ?? ''}`
  return (
    <tr>
      <td>
        {rule.countryCode === null ? (
          groupNames[rule.channelGroup]
        ) : (
          <select
            aria-label={of(0)}
            disabled={!canWrite}
            value={rule.channelGroup}
            onChange={({ target }) => onChange({ channelGroup: groups.find((group) => group === target.value) ?? 'PHONE' })}
          >
            {groups.map((group) => (
              <option key={group} value={group}>
                {groupNames[group]}
              </option>
            ))}
          </select>
        )}
      </td>
      <td>
        {rule.countryCode === null ? (
          <span className="soft">{everywhere}</span>
        ) : (
          <input
            aria-label={of(1)}
            size={3}
            maxLength={2}
            disabled={!canWrite}
            value={rule.countryCode}
            onChange={({ target }) => onChange({ countryCode: target.value.toUpperCase() })}
          />
        )}
      </td>
      <td>
        <Clock label={of(2)} value={rule.opensAt} canWrite={canWrite} onChange={(opensAt) => onChange({ opensAt })} />
      </td>
      <td>
        <Clock label={of(3)} value={rule.closesAt} canWrite={canWrite} onChange={(closesAt) => onChange({ closesAt })} />
      </td>
      <td>
        <span className="days" role="group" aria-label={of(4)}>
          {weekdays.map((day) => (
            <button
              key={day}
              type="button"
              disabled={!canWrite}
              aria-pressed={rule.closedWeekdays.includes(day)}
              title={weekdayNames[day]}
              onClick={() =>
                onChange({
                  closedWeekdays: rule.closedWeekdays.includes(day)
                    ? rule.closedWeekdays.filter((other) => other !== day)
                    : [...rule.closedWeekdays, day],
                })
              }
            >
              {weekdayNames[day].slice(0, 2)}
            </button>
          ))}
        </span>
      </td>
      <td>
        <input
          aria-label={of(5)}
          disabled={!canWrite}
          placeholder="12-25, 2027-01-01"
          defaultValue={rule.closedDates.join(', ')}
          onBlur={({ target }) => {
            const dates = target.value.split(/[\s,;]+/).filter((date) => date !== '')
            if (dates.join() !== rule.closedDates.join()) onChange({ closedDates: dates })
          }}
        />
      </td>
      <td>{children}</td>
    </tr>
  )
}

interface ClockProps {
  readonly label: string
  readonly value: string | null
  readonly canWrite: boolean
  readonly onChange: (value: string | null) => void
}

/** `HH:MM` up to `24:00`, which a control for times cannot hold; empty: the whole day. */
function Clock({ label, value, canWrite, onChange }: ClockProps) {
  return (
    <input
      aria-label={label}
      size={5}
      placeholder={text.organization.allDay}
      disabled={!canWrite}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
    />
  )
}

function inputOf({ channelGroup, countryCode, opensAt, closesAt, closedWeekdays, closedDates }: Rule) {
  return {
    channelGroup,
    ...(countryCode !== null && { countryCode }),
    ...(opensAt !== null && { opensAt }),
    ...(closesAt !== null && { closesAt }),
    closedWeekdays,
    closedDates,
  }
}
