import { z } from 'zod'
import { hostScopes } from './host-scope.ts'
import { appStates, codeStates } from './user.ts'
import { keySlotKinds } from './key.ts'

/** What the Status screen and the status bar show of a server. */
export const serverStatus = z.object({
  serverName: z.string(),
  siteId: z.number(),
  /** Where phones are told to go. */
  publicAddress: z.string(),
  /** Whether that address can be reached from this machine alone (loopback) or its network alone (private). */
  publicAddressScope: z.enum(hostScopes),
  groups: z.number(),
  users: z.number(),
  usersByApp: z.record(z.enum(appStates), z.number()),
  usersByCode: z.record(z.enum(codeStates), z.number()),
  /** What opened the data key for this program. */
  keyOpenedBy: z.enum(keySlotKinds),
  /** By how much the clock is behind the time by which codes end; 0 when it is not. */
  clockBehindMs: z.number(),
  /** Since when, by the clock; null where it is not noticeably behind. */
  clockBehindSinceMs: z.number().nullable(),
  dataFolder: z.string()
})
export type ServerStatus = z.infer<typeof serverStatus>

/** What a new server needs before it can be used, in the order in which it should be done. */
export const setupStep = z.discriminatedUnion('id', [
  z.object({ id: z.literal('publicName'), isDone: z.boolean(), address: z.string(), scope: z.enum(hostScopes) }),
  z.object({
    id: z.literal('certificate'),
    isDone: z.boolean(),
    /** What keeps phones from trusting it; null where nothing does. */
    fault: z.enum(['self-signed', 'plain-http', 'unreadable']).nullable(),
    /** Why it cannot be read, as a sentence. */
    problem: z.string().nullable()
  }),
  z.object({
    id: z.literal('transport'),
    isDone: z.boolean(),
    /** The mail server that is set up, the general one first. */
    host: z.string().nullable()
  }),
  z.object({
    id: z.literal('group'),
    isDone: z.boolean(),
    /** A group whose users may use a Mobile Client. */
    group: z.string().nullable()
  }),
  z.object({ id: z.literal('import'), isDone: z.boolean(), users: z.number().int() }),
  z.object({ id: z.literal('mailToMe'), isDone: z.boolean() }),
  z.object({ id: z.literal('scan'), isDone: z.boolean() })
])
export type SetupStep = z.infer<typeof setupStep>

/** No more mails than this are counted: so many say enough. */
export const mostCountedMails = 2_000

/** What is wrong, or soon will be. */
export const statusFinding = z.discriminatedUnion('id', [
  z.object({ id: z.literal('addressNarrow'), address: z.string(), scope: z.enum(hostScopes), isMailed: z.boolean() }),
  z.object({ id: z.literal('plainHttp'), address: z.string() }),
  z.object({ id: z.literal('certificateSelfSigned') }),
  z.object({ id: z.literal('certificateUnreadable'), problem: z.string() }),
  z.object({ id: z.literal('certificateEnds'), atMs: z.number(), isOver: z.boolean() }),
  z.object({ id: z.literal('diskFull'), folder: z.string() }),
  z.object({ id: z.literal('portalDown'), problem: z.string().nullable() }),
  z.object({ id: z.literal('portalInConsole') }),
  z.object({ id: z.literal('outboxStopped'), batchId: z.number().int(), reason: z.string().nullable() }),
  z.object({ id: z.literal('mailsUnknown'), mails: z.number().int() }),
  z.object({ id: z.literal('mailsFailed'), mails: z.number().int() }),
  z.object({ id: z.literal('codesExpired'), users: z.number().int() }),
  z.object({ id: z.literal('clockBehind'), byMs: z.number(), sinceMs: z.number().nullable() }),
  /** `atMs` is the last backup's; null where none was ever made. */
  z.object({ id: z.literal('backupOld'), atMs: z.number().nullable() }),
  /** So little is free on the disk of the data folder that refused attempts are only counted. */
  z.object({ id: z.literal('diskLow'), freeBytes: z.number() }),
  z.object({ id: z.literal('keyFile') })
])
export type StatusFinding = z.infer<typeof statusFinding>
export type FindingId = StatusFinding['id']

/** How bad a finding is: a `fault` keeps users out now, a `warning` will or may, `advice` can wait. */
export const findingWeights = ['fault', 'warning', 'advice'] as const

export const statusTodo = z.object({
  /** Empty once an app has been set up: from then on findings say what is missing. */
  steps: z.array(setupStep),
  /** The worst first. */
  findings: z.array(z.intersection(statusFinding, z.object({ weight: z.enum(findingWeights) })))
})
export type StatusTodo = z.infer<typeof statusTodo>

/** What became of codes on one day of the server's own time zone. */
export const codeDay = z.object({
  startMs: z.number(),
  issued: z.number().int(),
  used: z.number().int(),
  /** Unused when their validity ended. */
  expired: z.number().int()
})
export type CodeDay = z.infer<typeof codeDay>

export const codeDays = 30

const requestCounts = z.object({
  requests: z.number().int(),
  /** Those among them that were not granted, whatever their HTTP status. */
  refused: z.number().int()
})

/** A backup that is older leaves too much to be done again. */
export const backupWarningMs = 7 * 86_400_000

export const statusFigures = z.object({
  /** The oldest first, today last. */
  days: z.array(codeDay),
  /** Of the portal that this program runs; `sinceMs` is when it began to count, where that was today. */
  requests: z.object({ today: requestCounts, lastHour: requestCounts, sinceMs: z.number().nullable() }),
  /** `file` is null for one that was saved through the window or a browser. */
  lastBackup: z
    .object({
      atMs: z.number(),
      bytes: z.number(),
      users: z.number().int(),
      file: z.string().nullable(),
      actor: z.string()
    })
    .nullable()
})
export type StatusFigures = z.infer<typeof statusFigures>
