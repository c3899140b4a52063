import { credentialHeaders } from './session.ts'
import { text } from './text.ts'

/** Saves what a REST path answers as a file. @returns null, or the sentence of the refusal */
export async function download(path: string, name: string, credential: string, init: RequestInit = {}): Promise<string | null> {
  const response = await fetch(path, {
    ...init,
    headers: { ...credentialHeaders(credential), ...(init.body !== undefined && { 'Content-Type': 'application/json' }) },
  }).catch(() => null)
  if (response === null) return text.states.offline
  if (!response.ok) return refusalOf(response)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return null
}

/** The sentence of an answer that is an error, as the API words it. */
async function refusalOf(response: Response): Promise<string> {
  const answer = (await response.json().catch(() => null)) as { readonly error?: { readonly message?: string } } | null
  return answer?.error?.message ?? text.states.failed
}
