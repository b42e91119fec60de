import { cpSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RestoreReport } from '../../../src/shared/backup.ts'
import { parseProvisionText } from '../../../src/shared/provision-url.ts'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { withBackup } from '../../../src/main/backup/backup-service.ts'
import { restoreFolder, type RestoreParts } from '../../../src/main/backup/restore.ts'
import { sealBackup, type BackupHead } from '../../../src/main/backup/sealed-file.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import type { KeySources } from '../../../src/main/keys/key-sources.ts'
import {
  createTestClock,
  createTestFolder,
  fileKeySources,
  openTestConsole,
  type TestConsole
} from '../../support/console.ts'

export const passphrase = 'correct horse battery'
export const act = { actor: 'tester' }
const address = '192.0.2.1'

/** A server with these users, all of `Staff`. */
export async function openServer(usernames: string[], folder = createTestFolder()): Promise<TestConsole> {
  const console = await openTestConsole({ folder })
  for (const username of usernames) await console.call('users:add', { username, group: 'Staff' })
  return console
}

export async function issueCode(console: TestConsole, username: string): Promise<string> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  return parseProvisionText(issued[0]?.url ?? '')?.code ?? ''
}

/** Tries a code as a phone does: the app's Id, or the error it shows. */
export async function tryCode(console: TestConsole, username: string, code: string): Promise<string> {
  const answer = await console.portal.provisioning.provision({ username, code, address })
  return 'id' in answer ? answer.id : answer.error
}

/** The user's app, set up by a new code; its Id. */
export async function setUpApp(console: TestConsole, username: string): Promise<string> {
  return tryCode(console, username, await issueCode(console, username))
}

/** Whether the app with this Id gets its strings. */
export async function getsStrings(console: TestConsole, id: string): Promise<boolean> {
  return 'securityStrings' in (await console.portal.provisioning.downloadSecurityStrings({ id, address }))
}

/** A backup of the open folder, in a file outside of it. */
export async function backUp(console: TestConsole): Promise<string> {
  const file = path.join(createTestFolder(), 'server.backup')
  await console.backups.createFile(file, { passphrase, overwrite: false }, act)
  return file
}

/** Restores as the command line does: into a folder that nobody has open. */
export async function restore(
  folder: string,
  file: string,
  options: Partial<Omit<RestoreParts, 'folder' | 'backup'>> = {}
): Promise<RestoreReport> {
  const clock = createTestClock()
  return withBackup({ file }, passphrase, (backup) =>
    restoreFolder({ folder, backup, sources: fileKeySources, clock, act, ...options })
  )
}

/** Closes the server, restores and opens it again. */
export async function restoreServer(
  console: TestConsole,
  file: string
): Promise<{ console: TestConsole; report: RestoreReport }> {
  await console.close()
  const report = await restore(console.folder, file, { clock: console.clock })
  return { report, console: await openTestConsole({ folder: console.folder, clock: console.clock }) }
}

export async function listUsernames(console: TestConsole): Promise<string[]> {
  return (await console.call('users:list', {})).users.map(({ username }) => username)
}

/** The first row of the log that does not fit; null when all do. */
export async function findBrokenRow(folder: string, sources: KeySources = fileKeySources): Promise<number | null> {
  const { keys } = await openDataKey(folder, sources, createTestClock())
  const { db, close } = await openDatabase(path.join(folder, 'console.db'))
  try {
    return (await createAuditLog(keys.audit).verify(db)).brokenRow
  } finally {
    await close()
  }
}

/** A copy of a folder as a kill would leave it: its log of writes has not gone into the database file yet. */
export function copyFolder(from: string): string {
  const to = path.join(createTestFolder(), 'copy')
  cpSync(from, to, { recursive: true })
  return to
}

export async function writeTestFile(content: Uint8Array): Promise<string> {
  const file = path.join(createTestFolder(), 'given.backup')
  await writeFile(file, content)
  return file
}

export interface UnsealedBackup {
  head: BackupHead
  content: Buffer
}

export async function unseal(file: string): Promise<UnsealedBackup> {
  return withBackup({ file }, passphrase, async ({ summary, dataKey, databaseBytes, database }) => {
    const pieces: Buffer[] = []
    for await (const piece of database()) pieces.push(piece)
    return { head: { summary, dataKey, databaseBytes }, content: Buffer.concat(pieces) }
  })
}

/** Seals with the least stretching that is read, for tests that open the file many times. */
export async function sealCheaply({ head, content }: UnsealedBackup): Promise<string> {
  async function* database() {
    yield content
  }
  const cheap = { log2N: 14, r: 1, p: 1 }
  const pieces: Buffer[] = []
  for await (const piece of sealBackup({ ...head, databaseBytes: content.length }, database(), passphrase, cheap)) {
    pieces.push(piece)
  }
  return writeTestFile(Buffer.concat(pieces))
}
