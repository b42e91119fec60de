import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BackupSummary } from '../../../src/shared/backup.ts'
import { openBytes } from '../../../src/main/backup/origin.ts'
import { openBackup, sealBackup, type BackupHead } from '../../../src/main/backup/sealed-file.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'

const passphrase = 'correct horse battery'
/** The least that is read: these tests are of the chunks, not of the stretching. */
const cost = { log2N: 14, r: 1, p: 1 }
const chunk = 64 * 1024
const header = 77
const sealedChunk = chunk + 16

const summary: BackupSummary = {
  serverName: 'Sérver',
  siteId: 123_456_789,
  schemaVersion: 1,
  users: 2,
  groups: 1,
  codes: 0,
  devices: 0,
  auditRows: 3,
  auditHead: { id: 3, mac: 'mac' },
  lastAuditAtMs: 5,
  createdAtMs: 7,
  programVersion: '0.1.0'
}

const contentOf = (bytes: number, fill = 1) => Buffer.alloc(bytes, `${fill} some content `)

async function seal(content: Buffer, pieceBytes = 10_000, given = passphrase): Promise<Buffer> {
  const head: BackupHead = { summary, dataKey: Buffer.alloc(32, 9), databaseBytes: content.length }
  const pieces: Buffer[] = []
  async function* database() {
    for (let at = 0; at < content.length; at += pieceBytes) yield content.subarray(at, at + pieceBytes)
  }
  for await (const piece of sealBackup(head, database(), given, cost)) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function unseal(sealed: Buffer, given = passphrase): Promise<{ head: BackupHead; content: Buffer }> {
  const { summary: read, dataKey, databaseBytes, database } = await openBackup(openBytes(sealed), given)
  const pieces: Buffer[] = []
  for await (const piece of database()) pieces.push(piece)
  return { head: { summary: read, dataKey, databaseBytes }, content: Buffer.concat(pieces) }
}

describe('a sealed backup', () => {
  it('gives back what was sealed, whatever its length and in whatever pieces it came', async () => {
    const headBytes =
      4 + JSON.stringify({ summary, dataKey: Buffer.alloc(32).toString('base64'), databaseBytes: 65_000 }).length
    const atEdges = [chunk - headBytes - 1, chunk - headBytes, chunk - headBytes + 1, 2 * chunk - headBytes, 3 * chunk]
    for (const bytes of [1, ...atEdges, 200_001]) {
      for (const pieceBytes of [777, chunk, 1_000_000]) {
        const content = contentOf(bytes)
        const opened = await unseal(await seal(content, pieceBytes))
        expect(opened.content.equals(content), `${bytes} bytes in pieces of ${pieceBytes}`).toBe(true)
        expect(opened.head).toEqual({ summary, dataKey: Buffer.alloc(32, 9), databaseBytes: bytes })
      }
    }
  })

  it('says nothing without its passphrase, which may be typed in either normal form', async () => {
    const sealed = await seal(contentOf(100), 100, 'pâssphrase of ﬁve')
    expect((await unseal(sealed, 'pâssphrase of five')).content).toEqual(contentOf(100))
    expect(await refusalCode(() => unseal(sealed, 'pâssphrase of fivE'))).toBe('key-locked')
    for (const text of ['Sérver', '123456789', 'some content']) expect(sealed.includes(text)).toBe(false)
    expect(sealed.includes(Buffer.alloc(32, 9))).toBe(false)
  })

  it.each([
    [18, 8, 1],
    [17, 9, 1],
    [17, 8, 2]
  ])('is refused unread where it asks for more stretching than ours do: 2^%i, %i, %i', async (...asked) => {
    const sealed = await seal(contentOf(100))
    sealed.set(asked, 26)
    const { code, message } = await refusalOf(() => unseal(sealed))
    expect(code).toBe('file-unreadable')
    expect(message).toContain('its beginning is not whole')
  })

  it('is refused when any byte of it was changed', async () => {
    const sealed = await seal(contentOf(150_000))
    const position = fc.oneof(fc.nat(header + 200), fc.nat(sealed.length - 1))
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(sealed)
        changed[at] = (changed[at] ?? 0) ^ mask
        const { code, message } = await refusalOf(() => unseal(changed))
        // Where the stretching or its salt were changed, the right passphrase looks wrong.
        expect(at < header ? ['file-unreadable', 'schema-newer', 'key-locked'] : ['file-unreadable']).toContain(code)
        expect(message).toMatch(/^[^\n]+\.$/)
      }),
      { numRuns: 60 }
    )
  })

  it('is refused when it was cut off anywhere, or something was put to its end', async () => {
    const sealed = await seal(contentOf(150_000))
    const edges = [
      0,
      1,
      24,
      header - 1,
      header,
      header + 15,
      header + 16,
      header + sealedChunk,
      header + 2 * sealedChunk
    ]
    for (const length of [...edges, sealed.length - 1]) {
      expect(await refusalCode(() => unseal(sealed.subarray(0, length))), `${length} bytes`).toBe('file-unreadable')
    }
    const { message } = await refusalOf(() => unseal(sealed.subarray(0, header + 2 * sealedChunk)))
    expect(message).toBe(
      `The file is damaged or was changed: it has ${header + 2 * sealedChunk} of ${sealed.length} bytes. Nothing was restored.`
    )
    for (const more of [Buffer.alloc(1), sealed.subarray(header, header + sealedChunk), sealed.subarray(-1000)]) {
      expect(await refusalCode(() => unseal(Buffer.concat([sealed, more])))).toBe('file-unreadable')
    }
  })

  it('is refused when its parts were moved, repeated, or taken from another backup with the same passphrase', async () => {
    const [sealed, other] = [await seal(contentOf(300_000)), await seal(contentOf(300_000))]
    const part = (from: Buffer, index: number) =>
      from.subarray(header + index * sealedChunk, header + (index + 1) * sealedChunk)
    const parts = [0, 1, 2, 3, 4].map((index) => part(sealed, index))
    const build = (...order: (Buffer | undefined)[]) =>
      Buffer.concat([sealed.subarray(0, header), ...order.map((one) => one ?? Buffer.alloc(0))])
    const [p0, p1, p2, p3, p4] = parts
    expect((await unseal(build(p0, p1, p2, p3, p4))).content.length).toBe(300_000)
    for (const changed of [
      build(p0, p2, p1, p3, p4),
      build(p0, p1, p1, p3, p4),
      build(p1, p1, p2, p3, p4),
      build(p0, p1, part(other, 2), p3, p4),
      build(part(other, 0), p1, p2, p3, p4)
    ]) {
      expect(await refusalCode(() => unseal(changed))).toBe('file-unreadable')
    }
  })

  it('is told from any other file, and from one of a newer version, before a passphrase is needed', async () => {
    const sealed = await seal(contentOf(10))
    const newer = Buffer.from(sealed)
    newer[25] = 2
    expect((await refusalOf(() => unseal(newer))).message).toBe(
      'The file was made by a newer version of this program. Update the program.'
    )
    for (const foreign of ['', 'PK', 'SQLite format 3\0'.repeat(20), 'x'.repeat(100_000)]) {
      expect((await refusalOf(() => unseal(Buffer.from(foreign)))).message).toBe(
        'The file is not a backup of this program.'
      )
    }
  })

  it('asks for no more memory than our own backups need, whatever its beginning says', async () => {
    const sealed = await seal(contentOf(10))
    for (const [offset, value] of [
      [26, 31],
      [26, 0],
      [27, 200],
      [27, 0],
      [28, 9]
    ] as const) {
      const hostile = Buffer.from(sealed)
      hostile[offset] = value
      expect(await refusalCode(() => unseal(hostile))).toBe('file-unreadable')
    }
  })
})
