// Runs ahead of the console itself: sends the first requests of a page while its scripts are being loaded and compiled.
import { storedColumns } from './contacts/column-names.ts'
import { filterOf, listVariables, orderOf, readListState } from './contacts/list-request.ts'
import { sendEarly } from './shared/early-requests.ts'
import { storedCredential } from './shared/session.ts'

const credential = storedCredential()
if (credential !== null) {
  const { pathname, search } = window.location
  const [, page = '', id = ''] = /^\/console\/?([^/]*)\/?([^/]*)$/.exec(pathname) ?? []
  sendEarly(credential, 'Viewer')
  if (page === '') {
    const list = readListState(search)
    sendEarly(credential, 'Contacts', listVariables(filterOf(list), orderOf(list.sort), storedColumns(), null, true))
  }
  if (page === 'contacts' && id !== '') sendEarly(credential, 'Contact', { id })
}
