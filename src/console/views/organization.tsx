import * as Tabs from '@radix-ui/react-tabs'
import { useQuery } from 'urql'
import { useLocation } from 'wouter'
import { OrganizationDocument } from '../generated/documents/Organization.ts'
import { ApiKeys } from '../organization/api-keys.tsx'
import { Attributes } from '../organization/attributes.tsx'
import { CapRules } from '../organization/cap-rules.tsx'
import { QuietHours } from '../organization/quiet-hours.tsx'
import { Settings } from '../organization/settings.tsx'
import { Suppressions } from '../organization/suppressions.tsx'
import { Topics } from '../organization/topics.tsx'
import { Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

/** Settings, caps, topics, the suppression list and the keys, as far as the scopes permit. */
export function OrganizationView({ scopes, tab }: { readonly scopes: readonly string[]; readonly tab: string | undefined }) {
  const [, navigate] = useLocation()
  const canWrite = scopes.includes('settings:write')
  const [{ data, error, fetching }, refresh] = useQuery({ query: OrganizationDocument, variables: { withKeys: canWrite } })
  const reload = () => refresh({ requestPolicy: 'network-only' })
  const tabs = [
    { name: 'settings', isShown: true },
    { name: 'caps', isShown: true },
    { name: 'topics', isShown: true },
    { name: 'attributes', isShown: canWrite },
    { name: 'suppressions', isShown: canWrite },
    { name: 'keys', isShown: canWrite },
  ] as const
  const shown = tabs.filter(({ isShown }) => isShown)
  return (
    <main className="page">
      <header className="contact-header">
        <h1>{data?.viewer.organization.name ?? text.organization.heading}</h1>
      </header>
      {error && <Failure error={error} retry={reload} />}
      {!data && fetching && <Skeleton lines={8} />}
      {data && (
        <Tabs.Root
          value={shown.find(({ name }) => name === tab)?.name ?? 'settings'}
          onValueChange={(name) => navigate(`/organization/${name}`, { replace: true })}
        >
          <Tabs.List className="tabs" aria-label={text.organization.heading}>
            {shown.map(({ name }) => (
              <Tabs.Trigger key={name} value={name}>
                {text.organization.tabs[name]}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="settings">
            <Settings settings={data.viewer.organization.settings} canWrite={canWrite} />
            <QuietHours rules={data.viewer.organization.settings.quietHoursRules} canWrite={canWrite} />
          </Tabs.Content>
          <Tabs.Content value="caps">
            <CapRules canWrite={canWrite} />
          </Tabs.Content>
          <Tabs.Content value="topics">
            <Topics topics={data.topics} canWrite={canWrite} onChanged={reload} />
          </Tabs.Content>
          <Tabs.Content value="attributes">
            <Attributes />
          </Tabs.Content>
          <Tabs.Content value="suppressions">
            <Suppressions topics={data.topics} />
          </Tabs.Content>
          <Tabs.Content value="keys">
            <ApiKeys keys={data.viewer.organization.apiKeys ?? []} />
          </Tabs.Content>
        </Tabs.Root>
      )}
    </main>
  )
}
