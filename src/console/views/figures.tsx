import { useMemo } from 'react'
import { useQuery } from 'urql'
import { Bars, Figure, FigureTable, Stacks } from '../figures/charts.tsx'
import { FiguresDocument } from '../generated/documents/Figures.ts'
import type { FiguresQuery, FiguresQueryVariables } from '../generated/operations.ts'
import { channelName, countryName, words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { stages as stageOrder } from '../shared/stages.ts'
import { text } from '../shared/text.ts'

const kinds = ['MESSAGE', 'CALL', 'TICKET', 'EVENT'] as const
const weekLength = 7 * 86_400_000

/** Contacts by stage and country, messages and calls by channel and week, and reply rates. One operation. */
export function FiguresView() {
  const variables = useMemo(() => twelveWeeks(Date.now()), [])
  const [{ data, error, fetching }, refresh] = useQuery({ query: FiguresDocument, variables })
  return (
    <main className="page">
      <header className="contact-header">
        <h1>{text.nav.figures}</h1>
      </header>
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton lines={12} />}
      {data && (
        <div className="figures">
          <Contacts data={data} />
          <Traffic data={data} variables={variables} />
          <Kinds data={data} />
          <Rates data={data} />
          <Outcomes data={data} />
        </div>
      )}
    </main>
  )
}

function Contacts({ data }: { readonly data: FiguresQuery }) {
  const { figures } = text
  const stages = stageOrder.map((stage) => ({ label: words(stage), value: data.byStage.find(({ key }) => key === stage)?.count ?? 0 }))
  const all = data.byCountry.map(({ key, count }) => ({ label: key === null ? figures.noCountry : countryName(key), value: count }))
  const others = all.slice(12).reduce((sum, { value }) => sum + value, 0)
  const countries = [...all.slice(0, 12), ...(others > 0 ? [{ label: figures.otherCountries, value: others }] : [])]
  const rows = (bars: typeof all) => bars.map(({ label, value }) => [label, value.toLocaleString('en')])
  return (
    <>
      <Figure
        heading={figures.byStage}
        table={<FigureTable caption={figures.byStage} head={[figures.stage, figures.contacts]} rows={rows(stages)} />}
      >
        <Bars bars={stages} />
      </Figure>
      <Figure
        heading={figures.byCountry}
        table={<FigureTable caption={figures.byCountry} head={[figures.country, figures.contacts]} rows={rows(all)} />}
      >
        {countries.length === 0 ? <Empty>{figures.noContacts}</Empty> : <Bars bars={countries} />}
      </Figure>
    </>
  )
}

function Traffic({ data, variables }: { readonly data: FiguresQuery; readonly variables: FiguresQueryVariables }) {
  const { figures } = text
  const weeks = weeksOf(data)
  const starts = Object.values(variables).slice(0, -1)
  const labels = starts.map((start) => new Date(start).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' }))
  const channels = [...new Set(weeks.flatMap((week) => week.flatMap(({ key }) => (key === null ? [] : [key]))))].toSorted()
  const stacks = weeks.map((week, index) => ({
    label: labels[index] ?? '',
    parts: channels.map((channel) => week.find(({ key }) => key === channel)?.count ?? 0),
  }))
  return (
    <Figure
      heading={figures.traffic}
      note={figures.trafficNote}
      table={
        <FigureTable
          caption={figures.traffic}
          head={[figures.week, ...channels.map(channelName)]}
          rows={stacks.map(({ label, parts }) => [label, ...parts.map((part) => part.toLocaleString('en'))])}
        />
      }
    >
      {channels.length === 0 ? <Empty>{figures.noTraffic}</Empty> : <Stacks stacks={stacks} series={channels.map(channelName)} />}
    </Figure>
  )
}

/** What was recorded, by kind: tickets and events are on no channel. */
function Kinds({ data }: { readonly data: FiguresQuery }) {
  const { figures } = text
  const bars = kinds.map((kind) => ({ label: figures.kinds[kind], value: data.byKind.find(({ key }) => key === kind)?.count ?? 0 }))
  return (
    <Figure
      heading={figures.byKind}
      note={figures.byKindNote}
      table={
        <FigureTable
          caption={figures.byKind}
          head={[text.fields.kind, figures.count]}
          rows={bars.map(({ label, value }) => [label, value.toLocaleString('en')])}
        />
      }
    >
      <Bars bars={bars} />
    </Figure>
  )
}

function Rates({ data }: { readonly data: FiguresQuery }) {
  const { figures } = text
  const bars = data.replyRates.map(({ channel, rate, replied, sent }) => ({
    label: channelName(channel),
    value: rate,
    shown: figures.rateOf(Math.round(rate * 100), replied, sent),
  }))
  return (
    <Figure
      heading={figures.rates}
      note={figures.ratesNote}
      table={
        <FigureTable
          caption={figures.rates}
          head={[text.fields.channel, figures.sent, figures.answered, figures.rate]}
          rows={data.replyRates.map(({ channel, rate, replied, sent }) => [
            channelName(channel),
            String(sent),
            String(replied),
            `${Math.round(rate * 100)} %`,
          ])}
        />
      }
    >
      {bars.length === 0 ? <Empty>{figures.noTraffic}</Empty> : <Bars bars={bars} most={1} />}
    </Figure>
  )
}

function Outcomes({ data }: { readonly data: FiguresQuery }) {
  const { figures } = text
  if (data.suggestionOutcomeCounts.length === 0) return null
  return (
    <section className="panel figure">
      <h2>{figures.outcomes}</h2>
      <FigureTable
        caption={figures.outcomesNote}
        head={[figures.action, text.suggestions.done, figures.snoozed, figures.dismissed]}
        rows={data.suggestionOutcomeCounts.map(({ action, done, snoozed, dismissed }) => [
          text.suggestions.actions[action],
          String(done),
          String(snoozed),
          String(dismissed),
        ])}
      />
    </section>
  )
}

function weeksOf(data: FiguresQuery) {
  const { week0, week1, week2, week3, week4, week5, week6, week7, week8, week9, week10, week11 } = data
  return [week0, week1, week2, week3, week4, week5, week6, week7, week8, week9, week10, week11]
}

/** The bounds of the last twelve weeks, which begin on Monday in UTC; the last one ends now. */
function twelveWeeks(now: number): FiguresQueryVariables {
  // The first day of the epoch was a Thursday.
  const monday = Math.floor((now / 86_400_000 + 3) / 7) * weekLength - 3 * 86_400_000
  const at = (week: number): string => new Date(monday - (11 - week) * weekLength).toISOString()
  return {
    from: at(0),
    w1: at(1),
    w2: at(2),
    w3: at(3),
    w4: at(4),
    w5: at(5),
    w6: at(6),
    w7: at(7),
    w8: at(8),
    w9: at(9),
    w10: at(10),
    w11: at(11),
    to: new Date(now).toISOString(),
  }
}
