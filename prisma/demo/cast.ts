import { lucas, maya, olivia, yuki } from './cast/customers.ts'
import { emily, hannah, raj, tomas } from './cast/waiting.ts'
import { amara, bruno, chloe, jonas } from './cast/wishes.ts'
import type { At, History } from './history.ts'

/** The named cast: a dozen people whose stories show what the gateway is for. Times are told backwards from now. */
export function cast(history: History): void {
  const at: At = (days, hour) => history.ago(days, hour)
  for (const tell of [maya, tomas, hannah, raj, chloe, jonas, emily, bruno, yuki, olivia, amara, lucas]) tell(history, at)
}
