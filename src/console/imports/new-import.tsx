import { type DragEvent, useState } from 'react'
import { text } from '../shared/text.ts'
import { Columns } from './columns.tsx'
import { PreviewRows } from './preview-rows.tsx'
import { guessCharset, importFile, type Preview, previewFile, type UploadOptions } from './upload.ts'

const first: UploadOptions = { policy: 'skip', country: '', charset: '', addTags: '', columns: {} }

const charsets = ['windows-1252', 'iso-8859-1', 'iso-8859-2', 'iso-8859-15', 'windows-1250', 'windows-1251', 'shift_jis', 'gb18030', 'big5']

interface NewImportProps {
  readonly credential: string
  readonly onStarted: (id: string) => void
}

/** Upload → columns → preview → import. Each change is tried against the API; nothing is written before the last step. */
export function NewImport({ credential, onStarted }: NewImportProps) {
  const [file, setFile] = useState<File | null>(null)
  const [options, setOptions] = useState(first)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [isConfirming, setIsConfirming] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const step = preview === null ? 0 : isConfirming ? 2 : 1
  const attempt = async (nextFile: File, next: UploadOptions): Promise<void> => {
    setOptions(next)
    setIsBusy(true)
    setRefusal(null)
    const answer = await previewFile(nextFile, next, credential)
    setIsBusy(false)
    if ('refusal' in answer) setRefusal(answer.refusal)
    else setPreview(answer.data)
  }
  const take = async (next: File | undefined): Promise<void> => {
    if (next === undefined) return
    setFile(next)
    setPreview(null)
    setIsConfirming(false)
    await attempt(next, { ...first, charset: await guessCharset(next) })
  }
  const change = (next: Partial<UploadOptions>): void => {
    if (file !== null) void attempt(file, { ...options, ...next })
  }
  const start = async (): Promise<void> => {
    if (file === null) return
    setIsBusy(true)
    const answer = await importFile(file, options, credential)
    setIsBusy(false)
    if ('refusal' in answer) return setRefusal(answer.refusal)
    onStarted(answer.data.id)
  }
  return (
    <section className="panel" aria-label={text.imports.new}>
      <Steps current={step} />
      <Drop file={file} onFile={(next) => void take(next)} />
      {refusal !== null && (
        <p className="failure" role="alert">
          {refusal}
        </p>
      )}
      {isBusy && preview === null && <p className="soft">{text.imports.reading}</p>}
      {preview !== null && (
        <div className={isBusy ? 'stale' : ''} aria-busy={isBusy}>
          {!isConfirming && (
            <>
              <Options options={options} onChange={change} />
              <Columns preview={preview} columns={options.columns} onChange={(columns) => change({ columns })} />
            </>
          )}
          {isConfirming && <PreviewRows preview={preview} />}
          <p className="actions end">
            {isConfirming && (
              <button type="button" onClick={() => setIsConfirming(false)}>
                {text.imports.backToColumns}
              </button>
            )}
            {isConfirming ? (
              <button type="button" className="primary" disabled={isBusy} onClick={() => void start()}>
                {text.imports.start(preview.created + preview.updated)}
              </button>
            ) : (
              <button type="button" className="primary" disabled={isBusy} onClick={() => setIsConfirming(true)}>
                {text.imports.preview}
              </button>
            )}
          </p>
        </div>
      )}
    </section>
  )
}

export function Steps({ current }: { readonly current: number }) {
  return (
    <ol className="steps">
      {text.imports.steps.map((label, index) => (
        <li key={label} aria-current={index === current ? 'step' : undefined} className={index < current ? 'past' : ''}>
          {label}
        </li>
      ))}
    </ol>
  )
}

function Drop({ file, onFile }: { readonly file: File | null; readonly onFile: (file: File | undefined) => void }) {
  const [isOver, setIsOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    onFile(event.dataTransfer.files[0])
  }
  return (
    <label
      className={`drop${isOver ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <span>{file === null ? text.imports.drop : file.name}</span>
      <span className="soft">{file === null ? text.imports.dropHint : text.imports.dropOther}</span>
      <input
        type="file"
        aria-label={text.imports.file}
        accept=".csv,.tsv,.txt,.vcf,.json"
        onChange={({ target }) => onFile(target.files?.[0])}
      />
    </label>
  )
}

interface OptionsProps {
  readonly options: UploadOptions
  readonly onChange: (options: Partial<UploadOptions>) => void
}

function Options({ options, onChange }: OptionsProps) {
  return (
    <div className="fields four">
      <label>
        <span>{text.imports.policy}</span>
        <select value={options.policy} onChange={({ target }) => onChange({ policy: target.value === 'update' ? 'update' : 'skip' })}>
          <option value="skip">{text.imports.skip}</option>
          <option value="update">{text.imports.update}</option>
        </select>
      </label>
      <label>
        <span>{text.imports.country}</span>
        <input
          maxLength={2}
          defaultValue={options.country}
          placeholder="DE"
          onBlur={({ target }) => target.value.toUpperCase() !== options.country && onChange({ country: target.value.toUpperCase() })}
        />
      </label>
      <label>
        <span>{text.imports.addTags}</span>
        <input
          defaultValue={options.addTags}
          onBlur={({ target }) => target.value.trim() !== options.addTags && onChange({ addTags: target.value.trim() })}
        />
      </label>
      <label>
        <span>{text.imports.charset}</span>
        <select value={options.charset} onChange={({ target }) => onChange({ charset: target.value })}>
          <option value="">UTF-8, UTF-16</option>
          {charsets.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </div>
  )
}
