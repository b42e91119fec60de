import type { Transport } from '../../shared/transport.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import { envelopeAddress } from './message.ts'
import type { TransportService } from './transport-service.ts'
import { mailboxOf } from './transport-settings.ts'

/** What can send, by name: the domain for its Message-IDs, its rate, and how its mails show the QR code. */
export type ReadyTransports = ReadonlyMap<
  string,
  { domain: string } & Pick<Transport, 'ratePerMinute' | 'html' | 'qrImage'>
>

export async function readReadyTransports(transports: TransportService, db?: Db): Promise<ReadyTransports> {
  const ready = new Map<string, Omit<Transport, 'name'> & { domain: string }>()
  for (const { name, ...transport } of await transports.list(db)) {
    if (transport.missing.length === 0) ready.set(name, { ...transport, domain: domainOf(transport.sender) })
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
