import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { formatProvisionLinks } from '../../src/main/links/provision-links.ts'
import { openConsole } from '../../src/main/console.ts'
import { formatXml } from '../../src/main/system/xml.ts'
import { floodByPipelining, type FloodResult } from '../support/portal-flood.ts'
import { formatRequest, loadWith, percentile } from './http-load.ts'
import { median, type Bench } from './row.ts'
import { openSyncedFile } from './synced-file.ts'

const connections = 32
/** Each round asks for pictures that nobody has fetched yet, so that what is written down of a fetch is measured as well. */
const picturesARound = 2_000
const attemptsARound = 500
const rounds = 7
const floodConnections = 64
const floodMs = 15_000
const warmUpRounds = 2
/** A portal runs for weeks: its first ten seconds, in which the program is still being compiled, are not what is measured. */
const warmUpPictures = 20_000
const warmUpAttempts = 5_000
/** Of the reference, which is slow: enough of them for its median to settle. */
const referencePictures = 300

/**
 * What mail readers and apps ask the real `provision portal` for, which runs in a process of its own: the picture of a QR code,
 * against a server around `qrcode.toBuffer` in another process; and being provisioned, against a page of 4 KiB appended and
 * synced, which is the least that one durable act can cost. Every request is for another live code.
 */
export async function bench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-bench-'))
  const { pictures, attempts } = await issueCodes(folder)
  const portal = await startPortal(folder)
  const reference = await start(path.join(import.meta.dirname, 'qrcode-server.ts'), [])
  await loadWith(portal, pictures.splice(0, warmUpPictures), connections)
  await loadWith(portal, attempts.splice(0, warmUpAttempts), connections)
  // One of its own, or its memory would be that of the rows before.
  const flooded = await startPortal(folder)
  let flooding: Promise<FloodResult> | undefined
  const flood = () =>
    (flooding ??= floodByPipelining(
      { port: flooded.port, pid: flooded.child.pid ?? 0 },
      { connections: floodConnections, lastsMs: floodMs }
    ))
  const synced = openSyncedFile(path.join(folder, 'synced'))
  /** Of each round, of which the median counts: one that another program disturbed says nothing. */
  const p99Ms: number[] = []
  const referenceP99Ms: number[] = []
  return {
    rows: [
      {
        kind: 'speed',
        name: `getQRCode, ${connections} connections, distinct texts`,
        ours: {
          operations: picturesARound,
          run: async () => {
            const latenciesMs = await loadWith(portal, pictures.splice(0, picturesARound), connections)
            p99Ms.push(percentile(latenciesMs, 0.99))
          }
        },
        reference: {
          name: 'qrcode.toBuffer server',
          operations: referencePictures,
          run: async () => {
            const latenciesMs = await loadWith(reference, pictures.slice(-referencePictures), connections)
            referenceP99Ms.push(percentile(latenciesMs, 0.99))
          }
        },
        holdRatio: 6,
        aimRatio: 20,
        rounds
      },
      {
        kind: 'limit',
        name: 'p99 of those',
        unit: 'ms',
        measure: () => median(p99Ms),
        reference: {
          name: 'qrcode.toBuffer server',
          get value() {
            return median(referenceP99Ms)
          }
        },
        hold: { atMost: 30 }
      },
      {
        kind: 'speed',
        name: `provision attempts over HTTP, ${connections} connections`,
        ours: {
          operations: attemptsARound,
          run: async () => void (await loadWith(portal, attempts.splice(0, attemptsARound), connections))
        },
        reference: {
          name: '4 KiB append + fdatasync',
          operations: attemptsARound,
          run: () => synced.append(attemptsARound)
        },
        holdRatio: 0.2,
        rounds
      },
      {
        kind: 'limit',
        name: `p99 of a good client’s pages, the portal under ${floodConnections} connections that pipeline`,
        unit: 'ms',
        measure: async () => percentile((await flood()).pagesMs, 0.99),
        hold: { atMost: 1_000 }
      },
      {
        kind: 'limit',
        name: 'the most memory under those',
        unit: 'MB',
        measure: async () => ((await flood()).peakMebibytes * 1024 * 1024) / 1e6,
        hold: { atMost: 400 }
      }
    ],
    close: () => {
      portal.child.kill('SIGKILL')
      reference.child.kill('SIGKILL')
      flooded.child.kill('SIGKILL')
      synced.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Requests for pictures of live codes, some more than the rounds take, and attempts with live codes of other users. */
async function issueCodes(folder: string): Promise<{ pictures: string[]; attempts: string[] }> {
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const sources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }
  const opened = await openConsole({ folder, sources, log })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> => {
    const result = await opened.dispatch(name, input, { role: 'administrator', actor: 'bench' })
    if (!result.ok) throw new Error(result.error.message)
    return result.value as CallOutput<typeof name>
  }
  const pictures = warmUpPictures + (rounds + warmUpRounds) * picturesARound + referencePictures
  const attempts = warmUpAttempts + (rounds + warmUpRounds) * attemptsARound
  const names = Array.from({ length: pictures + attempts }, (_, index) => `firstname.lastname.${index}@example.com`)
  await call('users:import', {
    content: new TextEncoder().encode(['username,group', ...names.map((name) => `${name},Staff`)].join('\n'))
  })
  const { issued } = await call('codes:issue', { selection: { filter: {} }, reveal: true })
  const codes = new Map(issued.map(({ username, code = '' }) => [username, code]))
  const codeOf = (username: string) => codes.get(username) ?? ''
  const settings = await opened.portal.readSettings()
  const { signing } = opened.portal
  const userIds = new Map<string, number>()
  let after: string | undefined
  do {
    const page = await call('users:list', { limit: 500, ...(after !== undefined && { after }) })
    for (const { username, id } of page.users) userIds.set(username, id)
    after = page.next ?? undefined
  } while (after !== undefined)
  await opened.close()
  return {
    pictures: names.slice(attempts).map((username) => {
      const userId = userIds.get(username) ?? 0
      const { imageUrl } = formatProvisionLinks(settings, signing, { userId, username, code: codeOf(username) })
      const { pathname, search } = new URL(imageUrl)
      return formatRequest(pathname + search)
    }),
    attempts: names.slice(0, attempts).map((username) => {
      const leaves = { Version: '3.6', Action: 'provision', Username: username, ProvisionCode: codeOf(username) }
      const children = Object.entries(leaves).map(([name, content]) => ({ name, content }))
      return formatRequest('/proxy/AgentXML', formatXml('SASRequest', children))
    })
  }
}

function startPortal(folder: string): ReturnType<typeof start> {
  const args = ['--data', folder, 'portal', '--no-tls', '--host=127.0.0.1', '--port=0']
  return start(path.join(import.meta.dirname, '../../src/main/cli.ts'), args)
}

/** A program that says on its standard output where it listens. */
function start(program: string, args: string[]): Promise<{ child: ChildProcess; host: string; port: number }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]
      if (port !== undefined) resolve({ child, host: '127.0.0.1', port: Number(port) })
    })
    child.once('exit', (code) => reject(new Error(`${path.basename(program)} ended with ${code}`)))
  })
}
