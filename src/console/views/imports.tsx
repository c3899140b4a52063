import { useQuery } from 'urql'
import { Link, useLocation } from 'wouter'
import { ImportsDocument } from '../generated/documents/Imports.ts'
import { NewImport } from '../imports/new-import.tsx'
import { words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

interface ImportsProps {
  readonly credential: string
  readonly canWrite: boolean
}

/** A new import, and the imports so far. Uploads and downloads go through REST. */
export function ImportsView({ credential, canWrite }: ImportsProps) {
  const [{ data, error, fetching }, refresh] = useQuery({ query: ImportsDocument, requestPolicy: 'cache-and-network' })
  const [, navigate] = useLocation()
  return (
    <main className="page">
      <header className="contact-header">
        <h1>{text.imports.heading}</h1>
      </header>
      {canWrite && <NewImport credential={credential} onStarted={(id) => navigate(`/imports/${id}`)} />}
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton lines={4} />}
      {data?.importJobs.nodes.length === 0 && <Empty>{text.imports.empty}</Empty>}
      {data && data.importJobs.nodes.length > 0 && (
        <div className="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.imports.when}</th>
                <th scope="col">{text.imports.status}</th>
                {(['created', 'updated', 'unchanged', 'skipped'] as const).map((name) => (
                  <th key={name} scope="col" className="right">
                    {text.imports.counts[name]}
                  </th>
                ))}
                <th scope="col">{text.imports.by}</th>
              </tr>
            </thead>
            <tbody>
              {data.importJobs.nodes.map((job) => (
                <tr key={job.id}>
                  <td>
                    <Link href={`/imports/${job.id}`}>
                      <Time at={job.createdAt} />
                    </Link>
                  </td>
                  <td>
                    {words(job.status)}
                    {job.dryRun && <span className="badge">{text.imports.dryRun}</span>}
                  </td>
                  {(['created', 'updated', 'unchanged', 'skipped'] as const).map((name) => (
                    <td key={name} className="number right">
                      {job[name].toLocaleString('en')}
                    </td>
                  ))}
                  <td>{job.createdBy}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  )
}
