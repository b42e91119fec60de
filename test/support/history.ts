import { readFileSync } from 'node:fs'
import path from 'node:path'
import { openConsole } from '../../src/main/console.ts'
import type { CallInput, CallName } from '../../src/shared/contract.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const thousandUsers = path.resolve('test/support/data/users-1000.csv')

/** How many users get a code on a day, by the day of the week: a roll-out rests at weekends. */
const usersByWeekday = [0, 46, 38, 52, 41, 29, 4]

/**
 * A folder with the thousand users as a month of use leaves it: codes issued every working day, most of them used the same day,
 * others expired, a few attempts by mistyped codes. The same each time but for the codes themselves.
 */
export async function makeHistory(folder: string, { endsMs = Date.now() }: { endsMs?: number } = {}): Promise<void> {
  let nowMs = endsMs - 29 * dayMs
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const sources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }
  const console = await openConsole({ folder, sources, log, clock: { nowMs: () => nowMs } })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>) => {
    const result = await console.dispatch(name, input, { actor: 'mmeyer (window)', role: 'administrator' })
    if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
    return result.value
  }
  await call('users:import', { content: readFileSync(thousandUsers), createGroups: true })
  const usernames = readFileSync(thousandUsers, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]?.replaceAll('"', '') ?? '')
    .filter((username) => username !== '')
  let next = 0
  for (let day = 0; day < 30; day++) {
    const count = usersByWeekday[new Date(nowMs).getDay()] ?? 0
    const chosen = usernames.slice(next, next + count)
    next += count
    if (chosen.length > 0) {
      const selection = { usernames: chosen }
      const { issued } = (await call('codes:issue', { selection, reveal: true, validForMs: 20 * hourMs })) as {
        issued: { username: string; code: string }[]
      }
      for (const [index, { username, code }] of issued.entries()) {
        const address = `203.0.113.${1 + (index % 200)}`
        if (index % 11 === 3) await attempt(username, 'WRONG12345', address)
        if (index % 5 === 4) continue
        const id = await attempt(username, code, address)
        if (id !== null && index % 23 !== 7) await console.portal.provisioning.downloadSecurityStrings({ id, address })
      }
    }
    if (day === 27) {
      await call('backup:create', { passphrase: 'a passphrase of five words' })
    }
    if (day < 29) nowMs += dayMs
  }
  await console.close()

  async function attempt(username: string, code: string, address: string): Promise<string | null> {
    const outcome = await console.portal.provisioning.provision({ username, code, address })
    return 'id' in outcome ? outcome.id : null
  }
}
