import { createHmac, hkdfSync, randomBytes, scryptSync, timingSafeEqual, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { seal, unseal } from './seal.ts'

/** scrypt cost: 128·N·r = 128 MiB, about a third of a second (OWASP's first choice for scrypt, N=2^17 r=8 p=1). */
const scryptCost = { N: 2 ** 17, r: 8, p: 1 }
/** More would be a mistake or an attack; a file with more is not read. */
export const mostSlots = 32

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

const slotBase = { id: z.number().int().positive(), createdAtMs: z.number(), sealed: base64 }
export const storedSlot = z.discriminatedUnion('kind', [
  z.object({
    ...slotBase,
    kind: z.literal('passphrase'),
    salt: base64,
    // Bounds keep a tampered file from asking for all memory; scrypt takes powers of two alone.
    N: z
      .number()
      .int()
      .min(2 ** 14)
      .max(2 ** 20)
      .refine((cost) => Number.isInteger(Math.log2(cost))),
    r: z.number().int().min(1).max(16),
    p: z.number().int().min(1).max(4)
  }),
  z.object({ ...slotBase, kind: z.literal('file'), salt: base64, path: z.string() }),
  z.object({ ...slotBase, kind: z.literal('keychain') })
])
export type StoredSlot = z.infer<typeof storedSlot>

export const storedKey = z.object({
  format: z.literal('provision-console-key'),
  version: z.literal(1),
  slots: z.array(storedSlot).min(1).max(mostSlots),
  /** HMAC over the slots under a key derived from the data key: a slot that was changed is noticed before it is needed. */
  mac: base64
})
export type StoredKey = z.infer<typeof storedKey>

const place = (kind: string, id: number) => `key/${kind}/${id}`

export function passphraseSlot(id: number, dataKey: Buffer, passphrase: string, createdAtMs: number): StoredSlot {
  return passphraseSlotMaker(dataKey, passphrase, createdAtMs)(id)
}

/** Stretches the passphrase, which takes a third of a second; the slot is then made under any number at once. */
export function passphraseSlotMaker(
  dataKey: Buffer,
  passphrase: string,
  createdAtMs: number
): (id: number) => StoredSlot {
  const salt = randomBytes(16)
  const wrapping = stretch(passphrase, salt, scryptCost)
  return (id) => {
    const sealed = seal(wrapping, dataKey, place('passphrase', id)).toString('base64')
    return { id, kind: 'passphrase', createdAtMs, salt: salt.toString('base64'), ...scryptCost, sealed }
  }
}

export function openPassphraseSlot(slot: StoredSlot & { kind: 'passphrase' }, passphrase: string): Buffer | null {
  const wrapping = stretch(passphrase, Buffer.from(slot.salt, 'base64'), slot)
  return unseal(wrapping, Buffer.from(slot.sealed, 'base64'), place('passphrase', slot.id))
}

/** NFKC, as RFC 8265 asks in spirit: the same keys pressed on two systems must give the same bytes. */
function stretch(passphrase: string, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Buffer {
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r })
}

export function fileSlot(id: number, dataKey: Buffer, secret: Buffer, path: string, createdAtMs: number): StoredSlot {
  const salt = randomBytes(16)
  const sealed = seal(wrapWithFile(secret, salt), dataKey, place('file', id)).toString('base64')
  return { id, kind: 'file', createdAtMs, salt: salt.toString('base64'), path, sealed }
}

export function openFileSlot(slot: StoredSlot & { kind: 'file' }, secret: Buffer): Buffer | null {
  const wrapping = wrapWithFile(secret, Buffer.from(slot.salt, 'base64'))
  return unseal(wrapping, Buffer.from(slot.sealed, 'base64'), place('file', slot.id))
}

function wrapWithFile(secret: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'provision-console/1/key-file', 32))
}

export function slotsMac(slotsKey: KeyObject, slots: StoredSlot[]): string {
  // Parsed first: the schema fixes the order of members, so that what is read back gives the same bytes.
  const canonical = JSON.stringify(slots.map((slot) => storedSlot.parse(slot)))
  return createHmac('sha256', slotsKey).update(canonical).digest('base64')
}

export function isSlotsMac(slotsKey: KeyObject, key: StoredKey): boolean {
  const expected = Buffer.from(slotsMac(slotsKey, key.slots), 'base64')
  const given = Buffer.from(key.mac, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
