import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import BetterSqlite3 from 'better-sqlite3'
import { SMTPServer } from 'smtp-server'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { parseProvisionText } from '../../src/shared/provision-url.ts'
import { sheetDesign } from '../../src/shared/sheet.ts'
import type { openConsole as OpenConsole } from '../../src/main/console.ts'

/**
 * Makes a folder of test data by the sources of a release:
 * `npx node test/support/make-earlier-release.ts CHECKOUT test/support/data/release-X.Y.Z`, with CHECKOUT a checkout of it whose
 * modules are installed.
 */
const [checkout = '', target = ''] = process.argv.slice(2)
const { openConsole } = (await import(pathToFileURL(path.resolve(checkout, 'src/main/console.ts')).href)) as {
  openConsole: typeof OpenConsole
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const rowsOfLog = 10_000
const address = '203.0.113.7'

const refused = new Set(['u21@example.com', 'u22@example.com'])
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo({ address: to }, _session, callback) {
    callback(refused.has(to) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null)
  },
  onData(stream, _session, callback) {
    stream.on('end', () => callback()).resume()
  }
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.server.address() as AddressInfo

let nowMs = Date.UTC(2026, 9, 1, 8)
const folder = mkdtempSync(path.join(tmpdir(), 'earlier-release-'))
const console = await openConsole({
  folder,
  sources: { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null },
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  clock: { nowMs: () => nowMs }
})

async function call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
  const result = await console.dispatch(name, input, { actor: 'mmeyer (window)', role: 'administrator' })
  if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
  nowMs += 1000
  return result.value as CallOutput<Name>
}

const named = (first: number, last = first) => ({
  usernames: Array.from({ length: last - first + 1 }, (_, index) => `u${first + index}`)
})

async function issue(first: number, last: number, validForMs: number): Promise<Record<string, string>> {
  const selection = named(first, last)
  const { issued } = await call('codes:issue', { selection, reveal: true, validForMs })
  return Object.fromEntries(issued.map(({ username, url }) => [username, parseProvisionText(url ?? '')?.code ?? '']))
}

async function provision(username: string, code: string): Promise<string> {
  const outcome = await console.portal.provisioning.provision({ username, code, address })
  if (!('id' in outcome)) throw new Error(`${username}: ${outcome.error}`)
  return outcome.id
}

const lines = Array.from({ length: 60 }, (_, index) => {
  const group = index % 3 === 0 ? 'Branch Łódź' : 'Staff'
  return `u${index + 1},Jörg Nº ${index + 1},u${index + 1}@example.com,${group},+49 30 ${1000 + index}`
})
await call('users:import', {
  content: Buffer.from(`username,name,email,group,phone\n${lines.join('\n')}\n`),
  createGroups: true
})
await call('settings:set', {
  changes: {
    'server.name': 'Branch server',
    'transport.default.host': '127.0.0.1',
    'transport.default.port': port,
    'transport.default.security': 'none',
    'transport.default.sender': 'Help Desk <help@example.com>'
  }
})

// Some that expire; then some that are used, withdrawn, or replaced by the next.
await issue(1, 3, 60 * minuteMs)
nowMs += dayMs
const used = await issue(4, 9, dayMs)
for (const [username, code] of Object.entries(used)) {
  const id = await provision(username, code)
  if (username !== 'u9') await console.portal.provisioning.downloadSecurityStrings({ id, address })
}
await console.portal.provisioning.provision({ username: 'u10', code: 'WRONG12345', address })
await issue(11, 13, dayMs)
await call('codes:withdraw', { selection: named(11, 12) })
await issue(13, 13, dayMs)

const { sheet } = await call('sheets:make', {
  selection: named(31, 36),
  design: sheetDesign.parse({ stock: 'L7160' }),
  validForMs: 20 * dayMs
})
await call('sheets:keep', { id: sheet.id })

await call('mail:send', { selection: named(20, 25) })
await console.sendDue()
await call('mail:send', { selection: named(26, 28) })

const usedLink = await call('links:create', { username: 'u40' })
const unusedLink = await call('links:create', { username: 'u41' })
const tokenOf = ({ url }: { url: string }) => url.split('/').at(-1) ?? ''
await console.portal.links.redeem(tokenOf(usedLink), address)

const live = await issue(14, 15, 30 * dayMs)
await call('users:disable', { selection: named(50, 52) })
await call('users:remove', { selection: named(60) })

let head = await call('log:verify', {})
while (head.rows < rowsOfLog) {
  for (let row = head.rows; row < rowsOfLog; row++) {
    await call('users:set', { username: 'u1', change: { phone: String(row % 2) } })
  }
  head = await call('log:verify', {})
}
const { users } = await call('users:list', { limit: 500 })
await console.close()
server.close()

const sqlite = new BetterSqlite3(path.join(folder, 'console.db'))
sqlite.exec('vacuum')
sqlite.pragma('wal_checkpoint(truncate)')
const version = sqlite.pragma('user_version', { simple: true })
sqlite.close()

mkdirSync(target, { recursive: true })
for (const name of readdirSync(folder)) {
  const file = path.join(folder, name)
  if (!statSync(file).isFile() || /-(wal|shm)$|^lock$/.test(name)) continue
  const content = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(path.join(target, `${name}.br`), brotliCompressSync(content, { params }))
}
const notes = {
  madeAtMs: nowMs,
  schemaVersion: version,
  head,
  liveCode: { username: 'u14', code: live['u14'] },
  usedCode: { username: 'u4', code: used['u4'] },
  usedLinkToken: tokenOf(usedLink),
  unusedLinkToken: tokenOf(unusedLink),
  sheetId: sheet.id,
  users: users.map(({ username, code, app, disabled, group }) => ({ username, code, app, disabled, group }))
}
writeFileSync(path.join(target, 'notes.json'), `${JSON.stringify(notes, null, 2)}\n`)
rmSync(folder, { recursive: true })
