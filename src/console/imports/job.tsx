import { useEffect, useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { Link } from 'wouter'
import { Table } from '../shared/table.tsx'
import { ImportJobDocument, ImportProgressDocument, RollbackImportDocument } from '../generated/documents/Imports.ts'
import type { JobDetailFragment } from '../generated/operations.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { relativeTime, words } from '../shared/format.ts'
import { Empty, Failure, Refusal, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'
import { Steps } from './new-import.tsx'
import { Counts, Reasons } from './preview-rows.tsx'
import { download } from '../shared/download.ts'

interface JobProps {
  readonly id: string
  readonly credential: string
  readonly canWrite: boolean
}

/** One import: its progress while it runs, then its counts, reasons and rows, and the rollback. */
export function ImportJobView({ id, credential, canWrite }: JobProps) {
  const [{ data, error, fetching }, refresh] = useQuery({ query: ImportJobDocument, variables: { id }, requestPolicy: 'cache-and-network' })
  const job = data?.importJob
  const isOpen = job?.status === 'PENDING' || job?.status === 'PROCESSING'
  useSubscription({ query: ImportProgressDocument, variables: { id }, pause: !isOpen })
  // The subscription brings the counts; reasons and columns come with the end.
  const isEnded = job !== undefined && job !== null && !isOpen
  useEffect(() => {
    if (isEnded) refresh({ requestPolicy: 'network-only' })
  }, [isEnded, refresh])
  return (
    <main className="page">
      <header className="contact-header">
        <Link href="/imports">‹ {text.imports.heading}</Link>
        <h1>{text.imports.one}</h1>
      </header>
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!job && fetching && <Skeleton lines={6} />}
      {!job && !fetching && !error && <Empty>{text.imports.missing}</Empty>}
      {job && (
        <section className="panel">
          <Steps current={isOpen ? 3 : 4} />
          <p className="line" role="status">
            <strong>{words(job.status)}</strong>
            {job.layout !== null && <span className="badge">{job.layout}</span>}
            <span className="soft">
              {text.imports.progress(job.processedRows, job.totalRows)} · {job.createdBy} · <Time at={job.createdAt} />
            </span>
          </p>
          {isOpen && <progress max={Math.max(1, job.totalRows)} value={job.processedRows} aria-label={text.imports.steps[3]} />}
          <Counts counts={job} total={job.totalRows} />
          {job.reasons.length > 0 && <Reasons reasons={job.reasons} />}
          {job.warnings.map(({ code, column, count, message }) => (
            <p key={`${code} ${column} ${message}`} className="warning">
              {column !== null && `${column}: `}
              {message}
              {count !== null && ` (${text.imports.rowsOf(count, job.totalRows)})`}
            </p>
          ))}
          {!isOpen && <AfterImport job={job} credential={credential} canWrite={canWrite} />}
        </section>
      )}
    </main>
  )
}

interface AfterImportProps {
  readonly job: JobDetailFragment
  readonly credential: string
  readonly canWrite: boolean
}

function AfterImport({ job, credential, canWrite }: AfterImportProps) {
  const rollback = useAction(RollbackImportDocument)
  const [refusal, setRefusal] = useState<string | null>(null)
  const isInTime = job.rollbackExpiresAt !== null && Date.parse(job.rollbackExpiresAt) > Date.now()
  const canRollBack = canWrite && job.status === 'COMPLETED' && !job.dryRun && isInTime
  const result = job.rollback
  return (
    <>
      <ActionError action={rollback} />
      {refusal !== null && <Refusal message={refusal} />}
      <p className="actions">
        {job.skipped > 0 && (
          <button type="button" onClick={() => void download(job.skippedCsvPath, `${job.id}-skipped.csv`, credential).then(setRefusal)}>
            {text.imports.skippedRows}
          </button>
        )}
        {canRollBack && (
          <>
            <button
              type="button"
              className="danger"
              disabled={rollback.isBusy}
              onClick={() => void rollback.run({ input: { id: job.id } })}
            >
              {text.imports.rollback}
            </button>
            <span className="soft">
              {text.imports.rollbackUntil} {job.rollbackExpiresAt !== null && relativeTime(job.rollbackExpiresAt)}
            </span>
          </>
        )}
      </p>
      {result !== null && (
        <>
          <h2>{text.imports.rolledBack}</h2>
          <p role="status">{text.imports.rollbackCounts(result.reversed, result.kept, result.failed)}</p>
          {result.keptRows.nodes.length > 0 && (
            <>
              <Table columns={[text.imports.row, text.nav.contacts, text.imports.keptWhy]}>
                {result.keptRows.nodes.map(({ rowNumber, contact, contactId, message }) => (
                  <tr key={rowNumber}>
                    <td className="number">{rowNumber}</td>
                    <td>{contact ? <Link href={`/contacts/${contact.id}`}>{contact.displayName}</Link> : contactId}</td>
                    <td>{message}</td>
                  </tr>
                ))}
              </Table>
              <button type="button" onClick={() => void download(result.keptCsvPath, `${job.id}-kept.csv`, credential).then(setRefusal)}>
                {text.imports.keptRows}
              </button>
            </>
          )}
        </>
      )}
    </>
  )
}
