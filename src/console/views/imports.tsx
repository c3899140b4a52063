import { type FormEvent, useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { ImportJobDocument, ImportsDocument, type JobFragment, RollbackImportDocument } from '../generated/operations.ts'
import { relativeTime, words } from '../shared/format.ts'
import { credentialHeaders } from '../shared/session.ts'
import { Empty, Failure } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

/** A file is tried first, and written when the counts look right. Uploads and downloads go through REST. */
export function ImportsView({ credential }: { readonly credential: string }) {
  const [{ data, error }, refresh] = useQuery({ query: ImportsDocument })
  const [file, setFile] = useState<File | null>(null)
  const [policy, setPolicy] = useState('skip')
  const [country, setCountry] = useState('')
  const [preview, setPreview] = useState<Answer | null>(null)
  const [running, setRunning] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const step = running !== null ? 3 : preview !== null ? 2 : file !== null ? 1 : 0
  const send = async (isDryRun: boolean): Promise<void> => {
    if (file === null) return
    setRefusal(null)
    const parameters = new URLSearchParams({
      on_duplicate: policy,
      dry_run: String(isDryRun),
      ...(country !== '' && { default_country: country }),
    })
    const type = /\.vcf$/i.test(file.name) ? 'text/vcard' : /\.json$/i.test(file.name) ? 'application/json' : 'text/csv'
    const response = await fetch(`/api/v1/contacts/bulk?${parameters}`, {
      method: 'POST',
      headers: { ...credentialHeaders(credential), 'Content-Type': type },
      body: file,
    })
    const answer = (await response.json()) as { readonly data?: Answer; readonly error?: { readonly message: string } }
    if (answer.data === undefined) return setRefusal(answer.error?.message ?? text.states.failed)
    if (isDryRun) return setPreview(answer.data)
    setRunning(answer.data.id)
    setPreview(null)
    refresh({ requestPolicy: 'network-only' })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send(preview === null)
  }
  return (
    <main className="page">
      <h1>{text.imports.heading}</h1>
      <ol className="steps">
        {text.imports.steps.map((label, index) => (
          <li key={label} aria-current={index === step ? 'step' : undefined}>
            {label}
          </li>
        ))}
      </ol>
      <form className="panel stack" onSubmit={submit}>
        <label>
          {text.imports.drop}{' '}
          <input
            type="file"
            accept=".csv,.tsv,.txt,.vcf,.json"
            onChange={({ target }) => {
              setFile(target.files?.[0] ?? null)
              setPreview(null)
              setRunning(null)
            }}
          />
        </label>
        <label>
          {text.imports.policy}{' '}
          <select value={policy} onChange={({ target }) => setPolicy(target.value)}>
            <option value="skip">{text.imports.skip}</option>
            <option value="update">{text.imports.update}</option>
          </select>
        </label>
        <label>
          {text.imports.country}{' '}
          <input maxLength={2} size={3} value={country} onChange={({ target }) => setCountry(target.value.toUpperCase())} />
        </label>
        {refusal !== null && <p role="alert">{refusal}</p>}
        {preview !== null && <Counts job={preview} />}
        <button type="submit" className="primary" disabled={file === null}>
          {preview === null ? text.imports.preview : text.imports.start}
        </button>
      </form>
      {running !== null && <Progress id={running} onEnd={() => refresh({ requestPolicy: 'network-only' })} />}
      {error && <Failure error={error} retry={() => refresh()} />}
      {data?.importJobs.nodes.length === 0 && <Empty>{text.imports.empty}</Empty>}
      <ul className="plain-list">
        {data?.importJobs.nodes.map((job) => (
          <li key={job.id} className="entry">
            <Job job={job} credential={credential} />
          </li>
        ))}
      </ul>
    </main>
  )
}

interface Answer {
  readonly id: string
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly columns?: readonly { readonly name: string; readonly becomes: string | null; readonly samples: readonly string[] }[]
  readonly reasons?: readonly { readonly code: string; readonly count: number }[]
}

function Counts({ job }: { readonly job: Answer }) {
  const columns = (job.columns ?? []).filter((column) => typeof column === 'object')
  return (
    <>
      {columns.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Becomes</th>
              <th scope="col">Samples</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, becomes, samples }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{becomes ?? <span className="soft">ignored</span>}</td>
                <td className="soft">{samples.slice(0, 3).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="number">
        {job.created} created, {job.updated} updated, {job.unchanged} unchanged, {job.skipped} skipped
      </p>
      {(job.reasons ?? []).map(({ code, count }) => (
        <p key={code} className="soft">
          {count} × <code>{code}</code>
        </p>
      ))}
    </>
  )
}

function Progress({ id, onEnd }: { readonly id: string; readonly onEnd: () => void }) {
  const [{ data }, poll] = useQuery({ query: ImportJobDocument, variables: { id } })
  const job = data?.importJob
  const isOpen = job?.status === 'PENDING' || job?.status === 'PROCESSING'
  useEffect(() => {
    if (!isOpen) return onEnd()
    const timer = setInterval(() => poll({ requestPolicy: 'network-only' }), 1000)
    return () => clearInterval(timer)
    // The callbacks are new on each rendering; the timer belongs to the state of the job.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isOpen])
  if (!job) return null
  return (
    <p role="status">
      {words(job.status)}: {job.processedRows.toLocaleString('en')} of {job.totalRows.toLocaleString('en')} rows{' '}
      <progress max={Math.max(1, job.totalRows)} value={job.processedRows} />
    </p>
  )
}

function Job({ job, credential }: { readonly job: JobFragment; readonly credential: string }) {
  const [{ error, fetching }, rollback] = useMutation(RollbackImportDocument)
  const canRollBack =
    job.status === 'COMPLETED' && !job.dryRun && job.rollbackExpiresAt !== null && Date.parse(job.rollbackExpiresAt) > Date.now()
  const download = async (): Promise<void> => {
    const response = await fetch(job.skippedCsvPath, { headers: credentialHeaders(credential) })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await response.blob())
    link.download = `${job.id}-skipped.csv`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      <p className="line">
        <strong>{words(job.status)}</strong>
        {job.dryRun && <span className="badge">Dry run</span>}
        <span className="number">
          {job.created} created, {job.updated} updated, {job.unchanged} unchanged, {job.skipped} skipped
        </span>
        <span className="spacer" />
        <span className="soft">
          {job.createdBy} · <Time at={job.createdAt} />
        </span>
      </p>
      {error && <Failure error={error} />}
      <p className="line">
        {job.skipped > 0 && (
          <button type="button" onClick={() => void download()}>
            {text.imports.skippedRows}
          </button>
        )}
        {canRollBack && (
          <button type="button" disabled={fetching} onClick={() => void rollback({ input: { id: job.id } })}>
            {text.imports.rollback}{' '}
            <span className="soft">until {job.rollbackExpiresAt !== null && relativeTime(job.rollbackExpiresAt)}</span>
          </button>
        )}
      </p>
    </>
  )
}
