import type { KeyObject } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type { OwnAddress } from '../../shared/mail.ts'
import type { Delivery } from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { seal, unseal } from '../keys/seal.ts'
import { requireAddress } from './given-address.ts'

/** The address of whoever sits here: without it, a preview of any user's mail could go to anybody. */
export interface OwnAddresses {
  show(act: Act): Promise<OwnAddress>
  /** Mails a number to the address; the one that was confirmed before stays until the number is entered. */
  ask(address: string, act: Act): Promise<Delivery>
  confirm(number: string, act: Act): Promise<OwnAddress>
  /** Throws `own-address-unknown`. */
  require(act: Act): Promise<string>
}

const numberLifeMs = 15 * 60_000
const maxTries = 5
/** One mail a minute: nobody's mailbox is filled from here. */
const askAgainMs = 60_000

export function createOwnAddresses(parts: {
  db: Db
  time: Timekeeper
  random: Random
  audit: AuditLog
  sealing: KeyObject
  /** Throws where no mail could go out. */
  requireReady(): Promise<void>
  send(address: string, number: string): Promise<Delivery>
}): OwnAddresses {
  const { db, time, random, audit, sealing } = parts
  const find = (from: Db, { actor }: Act) =>
    from.selectFrom('own_addresses').selectAll().where('actor', '=', actor).executeTakeFirst()
  const show = async (act: Act): Promise<OwnAddress> => {
    const row = await find(db, act)
    if (!row) return { confirmed: null, pending: null }
    const isOpen = row.sealed_number !== null && (await time.peekMs(db)) < row.asked_at_ms + numberLifeMs
    return { confirmed: row.confirmed, pending: isOpen ? row.pending : null }
  }
  return {
    show,
    async ask(given, act) {
      const address = requireAddress(given)
      await parts.requireReady()
      const { actor } = act
      const number = String(random.int(1_000_000)).padStart(6, '0')
      const sealed = seal(sealing, Buffer.from(number), placeOf(actor, address)).toString('base64url')
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const known = await find(transaction, act)
        if (known && nowMs < known.asked_at_ms + askAgainMs) {
          throw new AppError(
            'invalid-input',
            'A number was mailed less than a minute ago. Wait a moment, then ask again.'
          )
        }
        const fresh = { pending: address, sealed_number: sealed, asked_at_ms: nowMs, tries_left: maxTries }
        await transaction
          .insertInto('own_addresses')
          .values({ actor, confirmed: null, ...fresh })
          .onConflict((conflict) => conflict.column('actor').doUpdateSet(fresh))
          .execute()
        await audit.append(transaction, nowMs, { actor, kind: 'mail.address-asked', detail: { address } })
      })
      return parts.send(address, number)
    },
    async confirm(number, act) {
      const refusal = await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const row = await find(transaction, act)
        const [pending, sealed] = [row?.pending ?? null, row?.sealed_number ?? null]
        if (!row || pending === null || sealed === null || nowMs >= row.asked_at_ms + numberLifeMs) {
          return 'No number is waited for any more. Ask for a new one.'
        }
        const wanted = unseal(sealing, Buffer.from(sealed, 'base64url'), placeOf(act.actor, pending))?.toString()
        const change = (values: Partial<typeof row>) =>
          transaction.updateTable('own_addresses').set(values).where('actor', '=', act.actor).execute()
        if (wanted === undefined || number.replace(/\s/g, '') !== wanted) {
          const left = row.tries_left - 1
          await change(left > 0 ? { tries_left: left } : { tries_left: 0, sealed_number: null, pending: null })
          return left > 0
            ? 'That is not the number that was mailed.'
            : 'That was not the number, too often by now. Ask for a new one.'
        }
        await change({ confirmed: pending, pending: null, sealed_number: null })
        const detail = { address: pending }
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'mail.address-confirmed', detail })
        return null
      })
      if (refusal !== null) throw new AppError('invalid-input', refusal)
      return show(act)
    },
    async require(act) {
      const { confirmed } = await show(act)
      if (confirmed !== null) return confirmed
      throw new AppError('own-address-unknown', 'Confirm your own address first: a number is mailed to it.')
    }
  }
}

function placeOf(actor: string, address: string): string {
  return `own_addresses/${JSON.stringify([actor, address])}`
}
