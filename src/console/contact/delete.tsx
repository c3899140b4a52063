import { useState } from 'react'
import { DeleteContactsDocument, RestoreContactsDocument } from '../generated/documents/ContactChanges.ts'
import { ActionError, useAction } from '../shared/action.tsx'
import { Dialog } from '../shared/dialog.tsx'
import { Refusal } from '../shared/states.tsx'
import { text } from '../shared/text.ts'

interface DeleteProps {
  readonly id: string
  readonly name: string
  readonly isOpen: boolean
  readonly onClose: () => void
  /** Leads away from the page of a contact that is deleted. */
  readonly onLeave: () => void
}

/** Deletes a contact, and restores it as long as the dialog is open. */
export function DeleteDialog({ id, name, isOpen, onClose, onLeave }: DeleteProps) {
  const [isDeleted, setIsDeleted] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)
  const remove = useAction(DeleteContactsDocument)
  const restore = useAction(RestoreContactsDocument)
  const names = text.edit.delete
  const bringBack = async (): Promise<void> => {
    const data = await restore.run({ input: { ids: [id] } })
    const result = data?.restoreContacts
    if (!result || !('failed' in result)) return
    setFailed(result.failed[0]?.message ?? null)
    if (result.failed.length > 0) return
    setIsDeleted(false)
    onClose()
  }
  return (
    <Dialog title={names.heading(name)} isOpen={isOpen} onClose={isDeleted ? onLeave : onClose}>
      <p role="status">{isDeleted ? names.done(name) : names.meaning}</p>
      <ActionError action={remove} />
      <ActionError action={restore} />
      {failed !== null && <Refusal message={failed} />}
      <p className="actions end">
        {isDeleted ? (
          <>
            <button type="button" disabled={restore.isBusy} onClick={() => void bringBack()}>
              {names.restore}
            </button>
            <button type="button" className="primary" onClick={onLeave}>
              {names.back}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="danger"
            disabled={remove.isBusy}
            onClick={() => void remove.run({ input: { ids: [id] } }).then((data) => data && setIsDeleted(true))}
          >
            {names.confirm}
          </button>
        )}
      </p>
    </Dialog>
  )
}
