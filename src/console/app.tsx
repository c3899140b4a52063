import { useCallback, useEffect, useMemo, useState } from 'react'
import { Provider, useQuery } from 'urql'
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { ViewerDocument } from './generated/operations.ts'
import { createConsoleClient } from './shared/client.ts'
import { ImportJobView } from './imports/job.tsx'
import { Help } from './shared/help.tsx'
import { onEmbeddedToken, storeCredential, storedCredential } from './shared/session.ts'
import { Failure, Skeleton } from './shared/states.tsx'
import { text } from './shared/text.ts'
import { ContactView } from './views/contact.tsx'
import { ContactsView } from './views/contacts.tsx'
import { ImportsView } from './views/imports.tsx'
import { AuditView } from './views/audit.tsx'
import { FiguresView } from './views/figures.tsx'
import { OrganizationView } from './views/organization.tsx'
import { SignIn } from './views/sign-in.tsx'

export function App() {
  const [credential, setCredential] = useState(storedCredential)
  const signIn = useCallback((next: string) => {
    storeCredential(next)
    setCredential(next)
  }, [])
  const signOut = useCallback(() => {
    storeCredential(null)
    setCredential(null)
  }, [])
  useEffect(() => onEmbeddedToken(signIn), [signIn])
  const client = useMemo(() => (credential === null ? null : createConsoleClient(credential)), [credential])
  if (client === null || credential === null) return <SignIn onSignIn={signIn} />
  return (
    <Provider value={client}>
      <Router base="/console">
        <Shell credential={credential} onSignOut={signOut} />
      </Router>
    </Provider>
  )
}

function Shell({ credential, onSignOut }: { readonly credential: string; readonly onSignOut: () => void }) {
  const [{ data, error, fetching }, retry] = useQuery({ query: ViewerDocument })
  const [location] = useLocation()
  if (fetching && !data) return <Skeleton lines={8} />
  if (!data) {
    return (
      <main className="page narrow">
        {error && <Failure error={error} retry={() => retry()} />}
        <button type="button" onClick={onSignOut}>
          {text.nav.signOut}
        </button>
      </main>
    )
  }
  const { scopes, organization } = data.viewer
  const pages = [
    { href: '/', label: text.nav.contacts, isShown: scopes.includes('contacts:read') },
    { href: '/imports', label: text.nav.imports, isShown: scopes.includes('contacts:read') },
    { href: '/figures', label: text.nav.figures, isShown: scopes.includes('contacts:read') },
    { href: '/organization', label: text.nav.organization, isShown: true },
    { href: '/audit', label: text.nav.audit, isShown: scopes.includes('audit:read') },
  ]
  return (
    <div className="shell">
      <nav className="sidebar" aria-label="Main">
        <strong className="organization">{organization.name}</strong>
        {pages
          .filter(({ isShown }) => isShown)
          .map(({ href, label }) => (
            <Link key={href} href={href} aria-current={isCurrent(href, location) ? 'page' : undefined}>
              {label}
            </Link>
          ))}
        <span className="spacer" />
        <a href="/" className="wide-only">
          {text.title}
        </a>
        <button type="button" className="plain" onClick={onSignOut}>
          {text.nav.signOut}
        </button>
      </nav>
      <Switch>
        <Route path="/">
          <ContactsView scopes={scopes} credential={credential} />
        </Route>
        <Route path="/contacts/:id">{({ id }) => <ContactView key={id} id={id} scopes={scopes} credential={credential} />}</Route>
        <Route path="/imports">
          <ImportsView credential={credential} canWrite={scopes.includes('contacts:write')} />
        </Route>
        <Route path="/imports/:id">
          {({ id }) => <ImportJobView key={id} id={id} credential={credential} canWrite={scopes.includes('contacts:write')} />}
        </Route>
        <Route path="/organization">
          <OrganizationView scopes={scopes} />
        </Route>
        <Route path="/figures">
          <FiguresView />
        </Route>
        <Route path="/audit">
          <AuditView />
        </Route>
        <Route>
          <Redirect to="/" />
        </Route>
      </Switch>
      <Help />
    </div>
  )
}

/** The page of a contact belongs to Contacts, that of an import to Imports. */
function isCurrent(href: string, location: string): boolean {
  return href === '/' ? location === '/' || location.startsWith('/contacts') : location.startsWith(href)
}
