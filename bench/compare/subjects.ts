import type { Subjects } from './operations.ts'
import { withClient } from './postgres.ts'

/** Whom the questions are about, in a database that has been seeded. */
export async function subjectsOf(url: string, organization: string): Promise<Subjects> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string; email: string }>(
      'select id, email from contacts where organization_id = $1 order by id limit 2',
      [organization],
    )
    const [longHistory, contact] = [rows[0]?.id, rows[1]]
    if (longHistory === undefined || contact === undefined) throw new Error('There are no contacts.')
    const last = await client.query<{ id: string; occurred_at: Date }>(
      `select id, occurred_at from (select id, occurred_at from messages where contact_id = $1 union all select id, occurred_at from calls where contact_id = $1
       union all select id, occurred_at from tickets where contact_id = $1 union all select id, occurred_at from events where contact_id = $1) e
       order by occurred_at desc, id desc offset $2 limit 1`,
      [longHistory, 999 * 20 - 1],
    )
    if (last.rows[0] === undefined) throw new Error('The long history is too short.')
    const { id, occurred_at: at } = last.rows[0]
    // The place of that entry, as the gateway writes it.
    const cursor = Buffer.from(JSON.stringify([`timeline:${longHistory}`, at.getTime(), id])).toString('base64url')
    return { organization, contact: contact.id, email: contact.email, longHistory, before: { at: at.toISOString(), id, cursor } }
  })
}
