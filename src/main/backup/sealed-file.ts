import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
  type ScryptOptions
} from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { backupSummary, type BackupSummary } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import type { Origin } from './origin.ts'

/*
 * A backup file:
 *
 *   magic (25) ‖ format version (1) ‖ log2 N, r, p of scrypt (3) ‖ salt (16) ‖ commitment (32) ‖ chunks
 *
 * The passphrase, stretched by scrypt with the salt, gives (HKDF, over all that stands before the commitment) the commitment
 * and the key. A chunk is 64 KiB of the content, the last one what is left, under AES-256-GCM, with its tag. Its nonce is its
 * number and whether it is the last: one that is left out, moved, repeated or cut off after does not open. The key is used for
 * this one file, so no nonce comes twice. The commitment tells a wrong passphrase from a damaged file.
 *
 * The content: length of the head (4, big-endian) ‖ head (JSON) ‖ the database file.
 */

const magic = Buffer.from('PROVISION CONSOLE BACKUP\n')
const formatVersion = 1
const saltBytes = 16
const commitmentBytes = 32
const prefixBytes = magic.length + 4 + saltBytes
const headerBytes = prefixBytes + commitmentBytes
const chunkBytes = 64 * 1024
const tagBytes = 16

export interface ScryptCost {
  log2N: number
  r: number
  p: number
}

/** As for the slots of the data key: 128 MiB, about a third of a second. */
const scryptCost: ScryptCost = { log2N: 17, r: 8, p: 1 }

const storedHead = z.object({ summary: backupSummary, dataKey: z.base64(), databaseBytes: z.number().int().positive() })

export interface BackupHead {
  summary: BackupSummary
  dataKey: Buffer
  databaseBytes: number
}

export interface OpenBackup extends BackupHead {
  name: string
  /** The database file in pieces. Throws `file-unreadable` at the first that was changed, or missing. */
  database(): AsyncGenerator<Buffer>
  close(): Promise<void>
}

/** The bytes of a backup file. `database` must give as many bytes as the head says. */
export async function* sealBackup(
  head: BackupHead,
  database: AsyncIterable<Uint8Array>,
  passphrase: string,
  cost = scryptCost
): AsyncGenerator<Buffer> {
  const prefix = Buffer.concat([magic, Buffer.of(formatVersion, cost.log2N, cost.r, cost.p), randomBytes(saltBytes)])
  const { key, commitment } = await stretch(passphrase, prefix, cost)
  yield Buffer.concat([prefix, commitment])

  const json = Buffer.from(JSON.stringify({ ...head, dataKey: head.dataKey.toString('base64') }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  const total = length.length + json.length + head.databaseBytes
  let rest = Buffer.concat([length, json])
  let sealed = 0
  const sealRest = (size: number) => {
    const chunk = rest.subarray(0, size)
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(sealed / chunkBytes, sealed + size === total))
    rest = rest.subarray(size)
    sealed += size
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
  }
  for await (const piece of database) {
    rest = Buffer.concat([rest, piece])
    while (rest.length >= chunkBytes) yield sealRest(chunkBytes)
  }
  if (sealed + rest.length !== total) throw new Error('the database is not as long as the head of the backup says')
  if (rest.length > 0) yield sealRest(rest.length)
}

/** Throws `file-unreadable` for what is no whole backup, `schema-newer`, and `key-locked` for a wrong passphrase. */
export async function openBackup(origin: Origin, passphrase: string): Promise<OpenBackup> {
  const { name } = origin
  const header = await readHeader(origin)
  const { key, commitment } = await stretch(passphrase, header.prefix, header.cost)
  if (!timingSafeEqual(commitment, header.commitment)) {
    throw new AppError('key-locked', `This is not the passphrase of the backup ${name}.`)
  }
  const chunks = Math.ceil((origin.size - headerBytes) / (chunkBytes + tagBytes))
  const readChunk = async (index: number) => {
    const sealed = await origin.read(headerBytes + index * (chunkBytes + tagBytes), chunkBytes + tagBytes)
    const chunk = sealed.length <= tagBytes ? null : openChunk(key, sealed, nonceOf(index, index === chunks - 1))
    if (!chunk) throw damaged(name, `part ${index + 1} of ${chunks} does not fit`)
    return chunk
  }
  const first = await readChunk(0)
  const headBytes = first.length < 4 ? 0 : first.readUInt32BE()
  const head = readHead(first.subarray(4, 4 + headBytes))
  if (!head) throw damaged(name, 'its first part does not say what it holds')
  const content = 4 + headBytes + head.databaseBytes
  const expectedSize = headerBytes + content + Math.ceil(content / chunkBytes) * tagBytes
  if (origin.size !== expectedSize) throw damaged(name, `it has ${origin.size} of ${expectedSize} bytes`)
  return {
    ...head,
    name,
    async *database() {
      if (first.length > 4 + headBytes) yield first.subarray(4 + headBytes)
      for (let index = 1; index < chunks; index++) yield await readChunk(index)
    },
    close: () => origin.close()
  }
}

/** Throws as `openBackup` for what can be told without the passphrase, so that nobody types one in vain. */
export async function readHeader(origin: Origin): Promise<{ prefix: Buffer; cost: ScryptCost; commitment: Buffer }> {
  const header = await origin.read(0, headerBytes)
  if (!header.subarray(0, magic.length).equals(magic)) {
    throw new AppError('file-unreadable', `${origin.name} is not a backup of this program.`)
  }
  const [version, log2N = 0, r = 0, p = 0] = header.subarray(magic.length)
  if (version !== undefined && version > formatVersion) {
    throw new AppError(
      'schema-newer',
      `${origin.name} was made by a newer version of this program. Update the program.`
    )
  }
  // No file of ours asks for more, and a tampered one must not ask for minutes of work or all memory.
  const isPlausible =
    log2N >= 14 && log2N <= scryptCost.log2N && r >= 1 && r <= scryptCost.r && p >= 1 && p <= scryptCost.p
  if (header.length < headerBytes || version !== formatVersion || !isPlausible) {
    throw damaged(origin.name, 'its beginning is not whole')
  }
  return { prefix: header.subarray(0, prefixBytes), cost: { log2N, r, p }, commitment: header.subarray(prefixBytes) }
}

const runScrypt: (passphrase: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt)

/** NFKC, as for the slots of the data key: the same keys pressed on two systems must give the same bytes. */
async function stretch(
  passphrase: string,
  prefix: Buffer,
  { log2N, r, p }: ScryptCost
): Promise<{ key: Buffer; commitment: Buffer }> {
  const N = 2 ** log2N
  const salt = prefix.subarray(prefixBytes - saltBytes)
  const stretched = await runScrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r })
  const info = Buffer.concat([Buffer.from('provision-console/1/backup/'), prefix])
  const derived = Buffer.from(hkdfSync('sha256', stretched, Buffer.alloc(0), info, 32 + commitmentBytes))
  return { key: derived.subarray(0, 32), commitment: derived.subarray(32) }
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(index))
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function openChunk(key: Buffer, sealed: Buffer, nonce: Buffer): Buffer | null {
  const end = sealed.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAuthTag(sealed.subarray(end))
  const opened = decipher.update(sealed.subarray(0, end))
  try {
    decipher.final()
    return opened
  } catch {
    return null
  }
}

function readHead(json: Buffer): BackupHead | null {
  try {
    const { summary, dataKey, databaseBytes } = storedHead.parse(JSON.parse(json.toString('utf8')))
    const key = Buffer.from(dataKey, 'base64')
    return key.length === 32 ? { summary, dataKey: key, databaseBytes } : null
  } catch {
    return null
  }
}

function damaged(name: string, how: string): AppError {
  return new AppError('file-unreadable', `${name} is damaged or was changed: ${how}. Nothing was restored.`)
}
