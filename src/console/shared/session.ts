/** The credential of this tab: an API key, or a token that the embedding page handed over. It is kept in session storage only. */
const storageKey = 'contact-gateway-credential'

/** The stored credential, else the demo's key, which the server writes into the page for browsers on its own machine. */
export function storedCredential(): string | null {
  const demoKey = document.querySelector<HTMLMetaElement>('meta[name="demo-key"]')?.content ?? null
  return sessionStorage.getItem(storageKey) ?? (demoKey === '' ? null : demoKey)
}

export function storeCredential(credential: string | null): void {
  if (credential === null) sessionStorage.removeItem(storageKey)
  else sessionStorage.setItem(storageKey, credential)
}

/** An API key goes in its own header, a token in Authorization. */
export function credentialHeaders(credential: string): Record<string, string> {
  return credential.startsWith('dv_') ? { 'X-API-Key': credential } : { Authorization: `Bearer ${credential}` }
}

/** Listens for `{type: "contact-gateway:token", token}` from the page that embeds the console, if it has the same origin. */
export function onEmbeddedToken(take: (token: string) => void): () => void {
  const listen = ({ origin, data }: MessageEvent<unknown>): void => {
    if (origin !== window.location.origin || typeof data !== 'object' || data === null) return
    if ('type' in data && data.type === 'contact-gateway:token' && 'token' in data && typeof data.token === 'string') take(data.token)
  }
  window.addEventListener('message', listen)
  return () => window.removeEventListener('message', listen)
}
