import { type FormEvent, useState } from 'react'
import { Options } from '../shared/options.tsx'
import { Table } from '../shared/table.tsx'
import { UpsertTopicDocument } from '../generated/documents/Organization.ts'
import type { TopicItemFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { categories, channels } from '../shared/channels.ts'
import { Dialog } from '../shared/dialog.tsx'
import { channelName, words } from '../shared/format.ts'
import { typed } from '../shared/form.ts'
import { Empty } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

interface TopicsProps {
  readonly topics: readonly TopicItemFragment[]
  readonly canWrite: boolean
  readonly onChanged: () => void
}

/** What contacts can subscribe to. */
export function Topics({ topics, canWrite, onChanged }: TopicsProps) {
  const [edited, setEdited] = useState<TopicItemFragment | 'new' | null>(null)
  const { topics: names } = text.organization
  return (
    <section className="panel" aria-labelledby="topics-heading">
      <h2 id="topics-heading">{text.organization.tabs.topics}</h2>
      <p className="soft">{names.meaning}</p>
      {topics.length === 0 && <Empty>{names.empty}</Empty>}
      {topics.length > 0 && (
        <Table columns={names.columns}>
          {topics.map((topic) => (
            <tr key={topic.id}>
              <td>
                {topic.name} {topic.archived && <span className="badge">{names.archived}</span>}
              </td>
              <td>
                <code>{topic.key}</code>
              </td>
              <td>{topic.channels.length === 0 ? text.organization.caps.allChannels : topic.channels.map(channelName).join(', ')}</td>
              <td>{names.defaults[topic.defaultState]}</td>
              <td>{topic.doubleOptIn ? names.doubleOptIn : ''}</td>
              <td>
                {canWrite && (
                  <button type="button" aria-label={`${text.organization.edit} ${topic.name}`} onClick={() => setEdited(topic)}>
                    {text.organization.edit}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {canWrite && (
        <button type="button" className="primary" onClick={() => setEdited('new')}>
          {names.add}
        </button>
      )}
      <Dialog
        title={edited === 'new' || edited === null ? names.add : edited.name}
        isOpen={edited !== null}
        onClose={() => setEdited(null)}
      >
        <TopicForm
          topic={edited === 'new' ? null : edited}
          onSaved={() => {
            setEdited(null)
            onChanged()
          }}
        />
      </Dialog>
    </section>
  )
}

function TopicForm({ topic, onSaved }: { readonly topic: TopicItemFragment | null; readonly onSaved: () => void }) {
  const save = useAction(UpsertTopicDocument)
  const { topics: names } = text.organization
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const chosen = new Set(form.getAll('channels'))
    const input = {
      ...(topic !== null && { id: topic.id }),
      name: typed(form, 'name'),
      key: typed(form, 'key'),
      channels: channels.filter((channel) => chosen.has(channel)),
      category: categories.find((name) => name === form.get('category')) ?? 'MARKETING',
      defaultState: form.get('defaultState') === 'SUBSCRIBED' ? ('SUBSCRIBED' as const) : ('OPT_IN_NEEDED' as const),
      doubleOptIn: form.get('doubleOptIn') === 'on',
      archived: form.get('archived') === 'on',
    }
    if ((await save.run({ input })) !== null) onSaved()
  }
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <label>
        <span>{names.columns[0]}</span>
        <input name="name" defaultValue={topic?.name} required maxLength={200} />
      </label>
      <label>
        <span>{names.columns[1]}</span>
        <input name="key" defaultValue={topic?.key} required maxLength={40} pattern="[A-Za-z0-9_]+" />
      </label>
      <fieldset>
        <legend>{names.channels}</legend>
        {channels.map((channel) => (
          <label key={channel} className="switch">
            <input type="checkbox" name="channels" value={channel} defaultChecked={topic?.channels.includes(channel)} />
            {channelName(channel)}
          </label>
        ))}
      </fieldset>
      <label>
        <span>{text.fields.category}</span>
        <select name="category" defaultValue={topic?.category}>
          <Options names={categories} label={words} />
        </select>
      </label>
      <label>
        <span>{names.columns[3]}</span>
        <select name="defaultState" defaultValue={topic?.defaultState}>
          <option value="OPT_IN_NEEDED">{names.defaults.OPT_IN_NEEDED}</option>
          <option value="SUBSCRIBED">{names.defaults.SUBSCRIBED}</option>
        </select>
      </label>
      <label className="switch">
        <input type="checkbox" name="doubleOptIn" defaultChecked={topic?.doubleOptIn} />
        {names.doubleOptIn}
      </label>
      <label className="switch">
        <input type="checkbox" name="archived" defaultChecked={topic?.archived} />
        {names.archived}
      </label>
      <ActionError action={save} />
      <button type="submit" className="primary" disabled={save.isBusy}>
        {text.organization.save}
      </button>
    </form>
  )
}
