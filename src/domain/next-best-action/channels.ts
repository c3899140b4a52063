import { channels } from '../../kernel/channels.ts'

/** What an idea of the organization or a ticket can go by. A call takes an agent's time, and is for contacts that called. */
export const writtenChannels = channels.filter((channel) => channel !== 'voice' && channel !== 'fax')
