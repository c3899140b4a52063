import { credentialHeaders } from './session.ts'

/** Saves what a REST path answers as a file. @returns false if it was refused */
export async function download(path: string, name: string, credential: string): Promise<boolean> {
  const response = await fetch(path, { headers: credentialHeaders(credential) })
  if (response.ok) await save(response, name)
  return response.ok
}

/** Saves the body of a response as a file. */
export async function save(response: Response, name: string): Promise<void> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
