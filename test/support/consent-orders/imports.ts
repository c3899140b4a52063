import { importContacts, rollBackImport } from '../../../src/domain/imports/commands.ts'
import type { ModelChannel } from './model.ts'
import { note, noteSaid, textChannels } from './notes.ts'
import { channels, emails, phones, type Step } from './steps.ts'
import { kindOf, type World } from './world.ts'

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

interface Row {
  readonly phone: string
  readonly email: string
}

const rowOf = ({ pick, phone, email }: Step): Row => ({
  phone: pick === 1 ? '' : (phones[phone] ?? ''),
  email: pick === 2 ? '' : (emails[email] ?? ''),
})

/** A file with an opt-out, or with an opt-in and its proof, for a person that may be there. */
async function importPeople(world: World, step: Step): Promise<boolean> {
  const row = rowOf(step)
  const channel = step.channel === 'email' ? ('email' as const) : ('sms' as const)
  const isIn = step.state === 'opted_in'
  const optOut = channel === 'email' ? 'Has Opted Out Of Email' : 'SMS Opt Out'
  const head = isIn ? 'Phone,Email,Consent,Proof' : `Phone,Email,${optOut}`
  const cells = isIn ? `${row.phone},${row.email},yes,form of May` : `${row.phone},${row.email},${step.state === 'opted_out' ? 'yes' : ''}`
  const columns = isIn ? { Consent: { consent: channel, proof_column: 'Proof' } } : null
  const onDuplicate = step.named ? ('update' as const) : ('skip' as const)
  const job = await importContacts(world.context, { kind: 'file', bytes: bytesOf(`${head}\n${cells}\n`) }, { onDuplicate, columns })
  await world.look()
  const rows = await world.context.db.prisma.importRow.findMany({ where: { organizationId: job.organizationId, importJobId: job.id } })
  const contact = rows[0]?.contactId ?? null
  const inRow = (kindOf(channel) === 'phone' ? row.phone : row.email) || null
  if (step.state === 'opted_out') {
    const names: ModelChannel[] = channel === 'sms' ? ['rcs', 'sms'] : ['email']
    for (const one of names) noteSaid(world, { what: 'out', contact, channel: one, address: inRow ?? world.primary(contact, channel) })
  }
  const isRecorded = await world.context.db.prisma.consentRecord.count({
    where: { organizationId: job.organizationId, source: `import:${job.id}`, state: 'opted_in' },
  })
  if (isIn && contact !== null && isRecorded > 0) {
    const address = inRow ?? world.primary(contact, channel)
    noteSaid(world, { what: 'in', contact, channel, address, isProven: true, isImported: true })
  }
  return true
}

/** A list of addresses that must not be used. */
async function importList(world: World, step: Step): Promise<boolean> {
  const address = (step.channel === 'email' ? emails[step.email] : phones[step.phone]) ?? ''
  const head = step.channel === 'email' ? 'email,reason' : 'phone,reason'
  const holder = world.holderOf(address)?.id ?? null
  await importContacts(world.context, { kind: 'file', bytes: bytesOf(`${head}\n${address},unsubscribed\n`) }, {})
  if (holder === null) note(world, { what: 'listed', contact: null, address, reason: 'imported', channel: null })
  else
    for (const channel of channels.filter((one) => kindOf(one) === (step.channel === 'email' ? 'email' : 'phone')))
      for (const one of textChannels(channel)) noteSaid(world, { what: 'out', contact: holder, channel: one, address })
  return true
}

async function rollBack(world: World, step: Step): Promise<boolean> {
  const where = { organizationId: world.context.actor.organizationId, rolledBackAt: null }
  const jobs = await world.context.db.prisma.importJob.findMany({ where, orderBy: { id: 'desc' }, select: { id: true } })
  const job = jobs[step.pick % Math.max(jobs.length, 1)]
  if (job === undefined) return false
  await rollBackImport(world.context, job.id)
  return true
}

export const importDeeds = { import: importPeople, 'import list': importList, 'roll back': rollBack }
