import type { Random } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import { envelopeAddress } from './message.ts'
import type { TransportService } from './transport-service.ts'
import { mailboxOf } from './transport-settings.ts'

/** What can send, by name: the domain for its Message-IDs and its rate. */
export type ReadyTransports = ReadonlyMap<string, { domain: string; ratePerMinute: number }>

export async function readReadyTransports(transports: TransportService, db?: Db): Promise<ReadyTransports> {
  const ready = new Map<string, { domain: string; ratePerMinute: number }>()
  for (const { name, missing, sender, ratePerMinute } of await transports.list(db)) {
    if (missing.length === 0) ready.set(name, { domain: domainOf(sender), ratePerMinute })
  }
  return ready
}

export function newMessageId(random: Random, ready: ReadyTransports, transport: string): string {
  return `<${random.bytes(16).toString('hex')}@${ready.get(transport)?.domain ?? 'localhost'}>`
}

function domainOf(sender: string): string {
  const { address, needsSmtpUtf8 } = envelopeAddress(mailboxOf(sender).address)
  const domain = address.slice(address.lastIndexOf('@') + 1)
  // A Message-ID is ASCII whatever the sender is.
  return needsSmtpUtf8 ? 'localhost.localdomain' : domain
}
