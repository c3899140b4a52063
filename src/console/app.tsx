import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { Provider, useQuery } from 'urql'
import { Link, Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { ViewerDocument } from './generated/documents/Viewer.ts'
import { createConsoleClient } from './shared/client.ts'
import { Help } from './shared/help.tsx'
import { useKeys } from './shared/keyboard.ts'
import { onEmbeddedToken, storeCredential, storedCredential } from './shared/session.ts'
import { Failure, Skeleton } from './shared/states.tsx'
import { text } from './shared/text.ts'
import { ContactsView, searching } from './views/contacts.tsx'
import { SignIn } from './views/sign-in.tsx'

// The first screen is the list; the other pages are loaded when they are opened.
const loadContact = () => import('./views/contact.tsx')
const ContactView = lazy(() => loadContact().then((module) => ({ default: module.ContactView })))
const DuplicatesView = lazy(() => import('./views/duplicates.tsx').then((module) => ({ default: module.DuplicatesView })))
const ImportsView = lazy(() => import('./views/imports.tsx').then((module) => ({ default: module.ImportsView })))
const ImportJobView = lazy(() => import('./imports/job.tsx').then((module) => ({ default: module.ImportJobView })))
const FiguresView = lazy(() => import('./views/figures.tsx').then((module) => ({ default: module.FiguresView })))
const OrganizationView = lazy(() => import('./views/organization.tsx').then((module) => ({ default: module.OrganizationView })))
const AuditView = lazy(() => import('./views/audit.tsx').then((module) => ({ default: module.AuditView })))

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

const noScopes: readonly string[] = []

function Shell({ credential, onSignOut }: { readonly credential: string; readonly onSignOut: () => void }) {
  const [{ data, error, fetching }, retry] = useQuery({ query: ViewerDocument })
  const [location, navigate] = useLocation()
  // The list has this key itself.
  useKeys(location === '/' ? {} : { '/': () => navigate('/', { state: searching }) })
  useEffect(() => {
    // The page that is opened most is there before it is.
    const timer = setTimeout(() => void loadContact(), 2000)
    return () => clearTimeout(timer)
  }, [])
  // The list and a contact are read at the same time as the scopes, which only decide what can be done with them.
  const isEarly = fetching && (location === '/' || location.startsWith('/contacts/'))
  if (fetching && !data && !isEarly) return <Skeleton lines={8} />
  if (!data && !isEarly) {
    return (
      <main className="page narrow">
        {error && <Failure error={error} retry={() => retry()} />}
        <button type="button" onClick={onSignOut}>
          {text.nav.signOut}
        </button>
      </main>
    )
  }
  const scopes = data?.viewer.scopes ?? noScopes
  const pages = [
    { href: '/', label: text.nav.contacts, isShown: scopes.includes('contacts:read') },
    { href: '/imports', label: text.nav.imports, isShown: scopes.includes('contacts:read') },
    { href: '/figures', label: text.nav.figures, isShown: scopes.includes('contacts:read') },
    { href: '/organization', label: text.nav.organization, isShown: true },
    { href: '/audit', label: text.nav.audit, isShown: scopes.includes('audit:read') },
  ]
  return (
    <div className="shell">
      <nav className="sidebar" aria-label={text.nav.main}>
        <strong className="organization">{data?.viewer.organization.name}</strong>
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
      <Suspense
        fallback={
          <main className="page">
            <Skeleton lines={10} />
          </main>
        }
      >
        <Switch>
          <Route path="/">
            <ContactsView scopes={scopes} credential={credential} />
          </Route>
          <Route path="/duplicates">
            <DuplicatesView canMerge={scopes.includes('contacts:merge')} canWrite={scopes.includes('contacts:write')} />
          </Route>
          <Route path="/contacts/:id">{({ id }) => <ContactView key={id} id={id} scopes={scopes} credential={credential} />}</Route>
          <Route path="/imports">
            <ImportsView credential={credential} canWrite={scopes.includes('contacts:write')} />
          </Route>
          <Route path="/imports/:id">
            {({ id }) => <ImportJobView key={id} id={id} credential={credential} canWrite={scopes.includes('contacts:write')} />}
          </Route>
          <Route path="/organization/:tab?">{({ tab }) => <OrganizationView scopes={scopes} tab={tab} />}</Route>
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
      </Suspense>
      <Help />
    </div>
  )
}

/** The pages of a contact and of duplicates belong to Contacts, that of an import to Imports. */
function isCurrent(href: string, location: string): boolean {
  return href === '/'
    ? location === '/' || location.startsWith('/contacts') || location.startsWith('/duplicates')
    : location.startsWith(href)
}
