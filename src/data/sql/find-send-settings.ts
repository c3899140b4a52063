import type { ReadDb } from '../database.ts'
import type { Organization, QuietHoursRule } from '../generated/client.ts'

export type SendSettings = Pick<Organization, 'defaultCountry' | 'quietHours' | 'marketingNeedsOptIn' | 'whatsappServiceWindow'> & {
  readonly quietHoursRules: readonly Omit<QuietHoursRule, 'organizationId' | 'updatedAt'>[]
}

/** What an organization has decided about sending, its rules for quiet hours included; null if there is no such organization. */
export async function selectSendSettings(db: ReadDb, organizationId: string): Promise<SendSettings | null> {
  const rows = await db.sql<SendSettings[]>`
    select o.default_country as "defaultCountry", o.quiet_hours as "quietHours", o.marketing_needs_opt_in as "marketingNeedsOptIn",
      o.whatsapp_service_window as "whatsappServiceWindow",
      (select coalesce(jsonb_agg(jsonb_build_object('countryCode', q.country_code, 'channelGroup', q.channel_group, 'opensAt', q.opens_at,
          'closesAt', q.closes_at, 'closedWeekdays', q.closed_weekdays, 'closedDates', q.closed_dates)), '[]')
        from quiet_hours_rules q where q.organization_id = ${organizationId}) as "quietHoursRules"
    from organizations o where o.id = ${organizationId}`
  return rows[0] ?? null
}
