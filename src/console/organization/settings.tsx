import { UpdateSettingsDocument } from '../generated/documents/Organization.ts'
import type { SettingsFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { text } from '../shared/text.ts'

interface SettingsProps {
  readonly settings: SettingsFragment
  readonly canWrite: boolean
}

export function Settings({ settings, canWrite }: SettingsProps) {
  const save = useAction(UpdateSettingsDocument)
  const switches = [
    ['quietHours', text.organization.quietHours],
    ['marketingNeedsOptIn', text.organization.optIn],
    ['whatsappServiceWindow', text.organization.serviceWindow],
  ] as const
  return (
    <section className="panel" aria-labelledby="settings-heading">
      <h2 id="settings-heading">{text.organization.settings}</h2>
      {switches.map(([key, label]) => (
        <label key={key} className="switch">
          <input
            type="checkbox"
            checked={settings[key]}
            disabled={!canWrite || save.isBusy}
            onChange={({ target }) => void save.run({ input: { [key]: target.checked } })}
          />
          {label}
        </label>
      ))}
      <label className="switch">
        {text.organization.country}
        <input
          key={settings.defaultCountry}
          defaultValue={settings.defaultCountry ?? ''}
          size={3}
          maxLength={2}
          disabled={!canWrite}
          onBlur={({ target }) => {
            const country = target.value.trim().toUpperCase()
            if (country !== (settings.defaultCountry ?? '')) void save.run({ input: { defaultCountry: country === '' ? null : country } })
          }}
        />
      </label>
      <ActionError action={save} />
    </section>
  )
}
