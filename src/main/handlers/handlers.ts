import path from 'node:path'
import type { CallName } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { EventName, Publish } from '../../shared/events.ts'
import type { Act } from '../system/operation.ts'
import { issueAsPicture } from '../codes/issue-as-picture.ts'
import { createRecentCodes } from '../codes/recent-codes.ts'
import type { Services } from '../services.ts'
import { newestVersion } from '../store/migrations.ts'
import { readSqliteVersion } from '../store/sqlite/open.ts'
import { decodePicture } from '../diagnostics/decode.ts'
import type { PortalRunner } from '../portal/portal-runner.ts'
import { readFigures } from '../status/status-figures.ts'
import { readStatus } from '../status/status-service.ts'
import { readTodo } from '../status/status-todo.ts'
import { readServerTime, setTimeRight } from '../time/time-service.ts'
import { productName, version } from '../system/version.ts'
import { createBackupHandlers } from './backup-handlers.ts'
import { diagnosticsHandlers } from './diagnostics-handlers.ts'
import type { Handlers } from './dispatch.ts'
import { createMailHandlers } from './mail-handlers.ts'
import { createLogHandlers } from './log-handlers.ts'
import { createPortalHandlers } from './portal-handlers.ts'
import { createSheetHandlers } from './sheet-handlers.ts'
import { createTasks } from './tasks.ts'
import { createUserHandlers } from './user-handlers.ts'

/** The calls of the contract over one folder's services. */
export function createHandlers(services: Services, publish: Publish, portal: PortalRunner): Handlers {
  const { db, codes, groups, settings, dataKey, audit, time } = services
  const recent = createRecentCodes(services.clock, services.random)
  const tasks = createTasks(publish)

  /** The slots lie in a file; the database's write lock keeps two programs from writing it at once. */
  const changeKey = <T>(
    kind: 'key.slot-added' | 'key.slot-removed',
    act: Act,
    change: () => Promise<{ result: T; detail: Record<string, unknown> }>
  ): Promise<T> =>
    db.transaction().execute(async (transaction) => {
      const { result, detail } = await change()
      await audit.append(transaction, await time.nowMs(transaction), { actor: act.actor, kind, detail })
      return result
    })

  return {
    'version:get': async () => ({
      name: productName,
      version,
      schema: newestVersion,
      node: process.versions.node,
      sqlite: await readSqliteVersion(db)
    }),
    'status:get': () => readStatus(services),
    'status:todo': () => readTodo(services, portal),
    'status:figures': () => readFigures(services, portal),
    'time:get': () => readServerTime(services),
    'time:setRight': async (_input, act) => {
      const report = await setTimeRight(services, act)
      services.sender.poke()
      return report
    },
    'tasks:cancel': ({ taskId }) => {
      tasks.cancel(taskId)
      return {}
    },

    'settings:list': () => settings.list(),
    'settings:set': ({ changes, expected }, act) => settings.set(changes, act, expected),

    'groups:list': () => groups.list(),
    'groups:add': (fields, act) => groups.add(fields, act),
    'groups:set': ({ name, change, expected }, act) => groups.set(name, change, act, expected),
    'groups:remove': ({ name, moveUsersTo, taskId }, act) =>
      tasks.run(taskId, act, (task) => groups.remove(name, task, moveUsersTo)),

    ...createUserHandlers(services, tasks),
    ...createSheetHandlers(services, tasks),
    ...createLogHandlers(services, tasks),
    ...createBackupHandlers(services, tasks),
    ...createPortalHandlers(services, portal),

    'codes:issue': ({ taskId, ...request }, act) =>
      tasks.run(taskId, act, (task) => codes.issue({ ...request, channel: 'desk' }, task)),
    'codes:issueFile': ({ taskId, ...request }, act) =>
      tasks.run(taskId, act, (task) => codes.issueFile({ ...request, channel: 'desk' }, task)),
    'codes:list': async ({ state, beforeId, limit }) => {
      const listed = await codes.list({ state: state ?? null, beforeId: beforeId ?? null, limit })
      return { codes: listed, next: listed.length === limit ? (listed.at(-1)?.id ?? null) : null }
    },
    'codes:withdraw': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => codes.withdraw(selection, task)),

    'qr:issue': async (request, act) => {
      const { issued, image } = await issueAsPicture(codes, request, act)
      const { username, expiresAtMs } = issued
      return { username, image, expiresAtMs, handle: recent.remember(issued) }
    },
    'codes:reveal': async ({ handle }, act) => {
      const remembered = recent.recall(handle)
      if (!remembered) {
        throw new AppError('code-not-found', 'This code is no longer remembered. Issue a new one to show it.')
      }
      const { userId, username, code, url, expiresAtMs } = remembered
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const user = { id: userId, username }
        await audit.append(transaction, nowMs, {
          actor: act.actor,
          kind: 'code.revealed',
          user,
          detail: { as: 'text' }
        })
      })
      return { username, code, url, expiresAtMs }
    },
    'qr:decode': ({ image }) => decodePicture(services, image),

    ...diagnosticsHandlers(services, tasks, publish),
    ...createMailHandlers(services, tasks),

    'key:list': () => dataKey.slots(),
    'key:add': (request, act) =>
      changeKey('key.slot-added', act, async () => {
        const slot =
          request.kind === 'passphrase'
            ? dataKey.addPassphrase(request.passphrase)
            : request.kind === 'file'
              ? dataKey.addFile(fileNamedBy(act, request.path))
              : await dataKey.addKeychain()
        return { result: slot, detail: { slot: slot.id, kind: slot.kind } }
      }),
    'key:remove': ({ id }, act) =>
      changeKey('key.slot-removed', act, async () => {
        const slot = dataKey.slots().find((one) => one.id === id)
        dataKey.removeSlot(id)
        return { result: {}, detail: { slot: id, kind: slot?.kind } }
      })
  }
}

/** A script that got into a page could otherwise have a key to everything put where somebody else reads it. */
function fileNamedBy({ namesFiles }: Act, file: string): string {
  if (namesFiles === true) return path.resolve(file)
  throw new AppError(
    'forbidden',
    'A page may not say where a key file lies. Add it on the server’s command line: provision key add file PATH.'
  )
}

type ChangeEvent = Exclude<EventName, 'task-progress' | 'outbox-progress'>

/** Calls that change nothing; all others are told to every listener, which asks again for what it shows. */
const readingVerbs = new Set([
  'ownAddress',
  'get',
  'todo',
  'figures',
  'list',
  'count',
  'show',
  'readImport',
  'requests',
  'decode',
  'verify',
  'inspect',
  'validate',
  'check',
  'plan',
  'planned',
  'preview',
  'checkLinks',
  'summary',
  'batches',
  'messages',
  'readPicture',
  'checkUser',
  'bundle',
  'stock',
  'testPage',
  'letter'
])

const eventsByNoun: Record<string, readonly ChangeEvent[]> = {
  settings: ['settings-changed', 'log-changed'],
  groups: ['groups-changed', 'users-changed', 'log-changed'],
  users: ['users-changed', 'groups-changed', 'log-changed'],
  codes: ['users-changed', 'log-changed'],
  qr: ['users-changed', 'log-changed'],
  links: ['users-changed', 'log-changed'],
  log: ['log-changed'],
  transports: ['settings-changed', 'log-changed'],
  templates: ['settings-changed', 'log-changed'],
  mail: ['outbox-changed', 'users-changed', 'log-changed'],
  outbox: ['outbox-changed', 'users-changed', 'log-changed'],
  backup: ['log-changed'],
  sheets: ['sheets-changed', 'users-changed', 'log-changed'],
  key: ['settings-changed', 'log-changed'],
  time: ['users-changed', 'outbox-changed', 'sheets-changed', 'log-changed'],
  // A check with a temporary user leaves entries in the log.
  diagnostics: ['log-changed']
}

/** What to tell the listeners once this call has been done. */
export function eventsOf(name: CallName): readonly ChangeEvent[] {
  // Told as soon as the folder is open again (see openConsole).
  if (name === 'backup:restore') return []
  // They change nothing but are noted.
  if (
    name === 'mail:askOwnAddress' ||
    name === 'mail:confirmOwnAddress' ||
    name === 'mail:toMe' ||
    name === 'transports:test' ||
    name === 'transports:check'
  )
    return ['log-changed']
  const [noun = '', verb = ''] = name.split(':')
  return readingVerbs.has(verb) ? [] : (eventsByNoun[noun] ?? [])
}
