import { z } from 'zod'
import './issue-words.ts'
import { auditEntry, auditFilter, auditVerification } from './audit.ts'
import { auditHead, backupInspection, backupReport, restoreReport } from './backup.ts'
import { bulkOutcome, codeEntry, codeLife, decodedQr, issuedCode, issueRequest } from './code.ts'
import {
  cause,
  diagnosis,
  linkTest,
  phoneRun,
  pictureReading,
  supportBundle,
  symptoms,
  testableLinks
} from './diagnostics.ts'
import { deviceRecord } from './device.ts'
import { group, groupChange } from './group.ts'
import { keySlot } from './key.ts'
import { portalRequest, portalState } from './portal.ts'
import {
  linkAnswer,
  mailPlan,
  mailPreview,
  mailRequest,
  ownAddress,
  planLists,
  plannedUser,
  previewRequest
} from './mail.ts'
import { messageSelection, messageStates, outboxBatch, outboxMessage, outboxSummary } from './outbox.ts'
import { settingEntry } from './settings.ts'
import { mostLetterCharacters } from './letter.ts'
import {
  madeSheet,
  pageName,
  sheetDesign,
  sheetEntry,
  sheetId,
  sheetLabel,
  sheetLetter,
  sheetPlan,
  sheetRequest,
  stockEntry
} from './sheet.ts'
import { serverStatus, statusFigures, statusTodo } from './status.ts'
import { serverTime, timeSetRightReport } from './time.ts'
import { shippedVariants, template, templateContent, templateFinding, templateKinds } from './template.ts'
import { delivery, transport, transportChange, transportStep } from './transport.ts'
import {
  codeStates,
  importColumns,
  importReading,
  importReport,
  user,
  userChange,
  userFields,
  userFilter,
  userSelection,
  userSort
} from './user.ts'

/** Least to most: who may do a thing may do all that those before it may. */
export const roles = ['helpdesk', 'administrator'] as const
export type Role = (typeof roles)[number]

interface CallShape {
  role: Role
  input: z.ZodType
  output: z.ZodType
}

/** A name to look up: longer than any may be, short enough to be looked up in no time. */
const nameToFind = z.string().max(1000)

const nothing = z.object({})
const done = z.object({})

/** The bytes of a file a person chose; an upload in a browser, a read file on the desktop. */
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')

/** A page of a long list: from the start, or after the cursor of an earlier page; `skip` jumps ahead from there. */
const userPage = z.object({
  filter: userFilter.default({}),
  sort: userSort.default({ column: 'username', descending: false }),
  /** Of a page with the same sort. */
  after: z.string().max(4000).optional(),
  skip: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(500).default(100)
})

/**
 * Long work names a task: its progress comes as `task-progress` events under that name, and `tasks:cancel` stops it. The
 * command line gives none and passes its signal and progress function along.
 */
const taskId = z.string().min(1).max(100).optional()

const passphrase = z.string().max(1000)

const importSource = z.object({
  content: bytes,
  mapping: z.array(z.enum(importColumns).nullable()).optional(),
  delimiter: z.enum([',', ';', '\t']).optional()
})

/** `undo` names the act to `users:undo` while the console runs; null where nobody was changed. */
const undoableOutcome = bulkOutcome.extend({ changed: z.number(), undo: z.string().nullable() })

/** Every call there is, by `noun:verb`: the least role, what goes in, what comes out. */
export const contract = {
  'version:get': {
    role: 'helpdesk',
    input: nothing,
    output: z.object({
      name: z.string(),
      version: z.string(),
      schema: z.number(),
      node: z.string(),
      sqlite: z.string()
    })
  },
  'status:get': { role: 'helpdesk', input: nothing, output: serverStatus },
  /** What needs doing. */
  'status:todo': { role: 'helpdesk', input: nothing, output: statusTodo },
  'status:figures': { role: 'helpdesk', input: nothing, output: statusFigures },
  'time:get': { role: 'helpdesk', input: nothing, output: serverTime },
  /** Takes the clock at its word again; codes and links that anybody holds end. Throws `time-is-right`. */
  'time:setRight': { role: 'administrator', input: nothing, output: timeSetRightReport },
  'tasks:cancel': { role: 'helpdesk', input: z.object({ taskId: z.string().max(100) }), output: done },

  'settings:list': { role: 'helpdesk', input: nothing, output: z.array(settingEntry) },
  'settings:set': {
    role: 'administrator',
    input: z.object({
      changes: z.record(z.string(), z.unknown()),
      /** Values as they were looked at; refused with `changed-meanwhile` when one of them is another by now. */
      expected: z.record(z.string(), z.unknown()).optional()
    }),
    output: z.array(settingEntry)
  },

  'groups:list': { role: 'helpdesk', input: nothing, output: z.array(group) },
  'groups:add': { role: 'administrator', input: groupChange.extend({ name: nameToFind }), output: group },
  'groups:set': {
    role: 'administrator',
    input: z.object({
      name: nameToFind,
      change: groupChange,
      /** Fields as they were looked at; refused with `changed-meanwhile` when one of them is another by now. */
      expected: groupChange.optional()
    }),
    output: group
  },
  'groups:remove': {
    role: 'administrator',
    input: z.object({
      name: nameToFind,
      /** The group that its users go to in the same act; without it a group with users is refused. */
      moveUsersTo: nameToFind.optional(),
      taskId
    }),
    /** Stopped before the last user was moved, the group stays. */
    output: z.object({ moved: z.number().int(), stopped: z.string().nullable() })
  },

  'users:list': {
    role: 'helpdesk',
    input: userPage,
    output: z.object({ users: z.array(user), next: z.string().nullable() })
  },
  'users:count': { role: 'helpdesk', input: z.object({ filter: userFilter }), output: z.object({ users: z.number() }) },
  'users:show': {
    role: 'helpdesk',
    input: z.object({
      username: nameToFind,
      /** Follows one user to another name: the name then only serves the words of a refusal. */
      id: z.number().int().optional()
    }),
    output: z.object({ user, timeline: z.array(auditEntry), device: deviceRecord.nullable() })
  },
  'users:add': { role: 'administrator', input: userFields, output: user },
  'users:set': {
    role: 'administrator',
    input: z.object({
      username: nameToFind,
      change: userChange,
      /** Refused with `changed-meanwhile` when the user is no longer at this revision. */
      revision: z.number().int().optional(),
      /** Fields as they were looked at; refused likewise when one of them is another by now. */
      expected: userChange.optional()
    }),
    output: user
  },
  'users:disable': {
    role: 'administrator',
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  },
  'users:enable': {
    role: 'administrator',
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  },
  'users:move': {
    role: 'administrator',
    input: z.object({ selection: userSelection, group: nameToFind, taskId }),
    output: undoableOutcome
  },
  'users:remove': {
    role: 'administrator',
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  },
  /**
   * Takes one act back from the users whom it changed. Codes and apps that it ended do not come back; a removed user whose name
   * was given away since, or a moved one whose group is gone, is left out.
   */
  'users:undo': {
    role: 'administrator',
    input: z.object({ undo: z.string().max(100), taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  },
  /** Voids the app; a live code stays. */
  'users:unprovision': {
    role: 'administrator',
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  },
  /** Ends the wait after wrong attempts, and forgets them. */
  'users:unlock': {
    role: 'helpdesk',
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  },
  /** CSV that `users:import` reads back, safe to open in a spreadsheet. */
  'users:export': {
    role: 'administrator',
    input: z.object({ selection: userSelection, taskId }),
    output: z.object({ content: bytes, users: z.number() })
  },
  'users:readImport': { role: 'administrator', input: importSource, output: importReading },
  'users:import': {
    role: 'administrator',
    input: importSource.extend({
      dryRun: z.boolean().default(false),
      skipBad: z.boolean().default(false),
      createGroups: z.boolean().default(false),
      /** The users of this group whom the file does not name are disabled, once all that it names is written. */
      disableMissing: nameToFind.optional(),
      taskId
    }),
    output: importReport
  },

  'codes:issue': {
    role: 'helpdesk',
    input: issueRequest.extend({ taskId }),
    output: bulkOutcome.extend({ issued: z.array(issuedCode) })
  },
  /** The same, as a CSV file of the codes in the clear: each is recorded as revealed. It is handed out this once. */
  'codes:issueFile': {
    role: 'helpdesk',
    input: codeLife.extend({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({
      content: bytes,
      issued: z.number().int(),
      /** Who has a new code: should the file be lost, theirs are to be withdrawn. */
      usernames: z.array(z.string())
    })
  },
  'codes:list': {
    role: 'helpdesk',
    input: z.object({
      state: z.enum(codeStates).optional(),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ codes: z.array(codeEntry), next: z.number().nullable() })
  },
  'codes:withdraw': {
    role: 'helpdesk',
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ withdrawn: z.number() })
  },

  'qr:issue': {
    role: 'helpdesk',
    input: codeLife.extend({
      username: nameToFind,
      format: z.enum(['png', 'svg']),
      /** Pixels a module (PNG). */
      scale: z.number().int().min(1).max(20).default(8)
    }),
    output: z.object({
      username: z.string(),
      image: bytes,
      expiresAtMs: z.number(),
      /** Names the code to `codes:reveal` while the console remembers it. */
      handle: z.string()
    })
  },
  'codes:reveal': {
    role: 'helpdesk',
    input: z.object({ handle: z.string().max(100) }),
    output: z.object({ username: z.string(), code: z.string(), url: z.string(), expiresAtMs: z.number() })
  },
  'qr:decode': { role: 'helpdesk', input: z.object({ image: bytes }), output: z.array(decodedQr) },

  /** As `qr:decode`, with who made each text, what speaks against it, and how well it scans. */
  'diagnostics:readPicture': { role: 'helpdesk', input: z.object({ image: bytes }), output: pictureReading },
  /** Does all that an app does, with the code of a user who exists for as long as it takes. */
  'diagnostics:bePhone': {
    role: 'helpdesk',
    input: z.object({
      /** Whose users the temporary one is to be like; else one that may use an app. */
      group: nameToFind.optional(),
      taskId
    }),
    output: phoneRun
  },
  /** Runs the checks that tell why a phone shows what it shows. */
  'diagnostics:explain': {
    role: 'helpdesk',
    input: z.object({ symptom: z.enum(symptoms), username: nameToFind.optional(), taskId }),
    output: diagnosis
  },
  /** What is wrong with one user, whatever the phone shows; empty where nothing is. */
  'diagnostics:checkUser': {
    role: 'helpdesk',
    input: z.object({ username: nameToFind }),
    output: z.array(cause)
  },
  'diagnostics:testLink': {
    role: 'helpdesk',
    input: z.object({ link: z.enum(testableLinks), taskId }),
    output: linkTest
  },
  'diagnostics:bundle': {
    role: 'administrator',
    input: z.object({
      /** Whether users, accounts and addresses are given numbers in place of their names. */
      pseudonyms: z.boolean().default(true)
    }),
    output: supportBundle
  },

  'transports:list': { role: 'helpdesk', input: nothing, output: z.array(transport) },
  /** Changes one, or makes it. Throws `setting-invalid` with a reason for each wrong field. */
  'transports:set': {
    role: 'administrator',
    input: z.object({ name: nameToFind, change: transportChange }),
    output: transport
  },
  'transports:remove': { role: 'administrator', input: z.object({ name: nameToFind }), output: done },
  /** Asks the mail server, with what the form holds (`change`) over what is saved. Nothing is sent. */
  'transports:check': {
    role: 'administrator',
    input: z.object({ name: nameToFind, change: transportChange.optional() }),
    output: z.array(transportStep)
  },
  /** Sends the mail with a sample code to one address. */
  'transports:test': {
    role: 'administrator',
    input: z.object({ name: nameToFind, change: transportChange.optional(), address: z.string().max(400) }),
    output: delivery
  },

  'templates:list': { role: 'helpdesk', input: nothing, output: z.array(template) },
  /** The one that a group's users get: its own, else the general one. */
  'templates:get': {
    role: 'helpdesk',
    input: z.object({ kind: z.enum(templateKinds), group: nameToFind.nullable().default(null) }),
    output: template
  },
  'templates:set': {
    role: 'administrator',
    input: templateContent.extend({ kind: z.enum(templateKinds), group: nameToFind.nullable().default(null) }),
    output: template
  },
  /** Back to the shipped one; a group's own is taken away, unless `variant` says which shipped one it is to be. */
  'templates:reset': {
    role: 'administrator',
    input: z.object({
      kind: z.enum(templateKinds),
      group: nameToFind.nullable().default(null),
      variant: z.enum(shippedVariants).optional()
    }),
    output: template
  },
  'templates:validate': {
    role: 'helpdesk',
    input: templateContent.extend({
      kind: z.enum(templateKinds),
      /** Whose transport says whether HTML is sent at all. */
      group: nameToFind.nullable().default(null)
    }),
    output: templateFinding
  },

  'mail:plan': { role: 'helpdesk', input: mailRequest.extend({ taskId }), output: mailPlan },
  /** A page of one list of the plan. */
  'mail:planned': {
    role: 'helpdesk',
    input: mailRequest.extend({
      list: z.enum(planLists),
      after: z.string().max(600).optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ users: z.array(plannedUser), next: z.string().nullable() })
  },
  'mail:preview': { role: 'helpdesk', input: previewRequest, output: mailPreview },
  /** Asks for the addresses in that mail: only to this server's own portal and over http(s). */
  'mail:checkLinks': { role: 'helpdesk', input: previewRequest, output: z.array(linkAnswer) },
  /** Whose account this is decides: each has an address of its own. */
  'mail:ownAddress': { role: 'helpdesk', input: nothing, output: ownAddress },
  /** Mails a number to the address. */
  'mail:askOwnAddress': { role: 'helpdesk', input: z.object({ address: z.string().max(400) }), output: delivery },
  'mail:confirmOwnAddress': { role: 'helpdesk', input: z.object({ number: z.string().max(40) }), output: ownAddress },
  /** The very message of the preview, with the sample code, to the confirmed address of this account. */
  'mail:toMe': { role: 'helpdesk', input: previewRequest, output: delivery },
  'mail:send': {
    role: 'helpdesk',
    input: mailRequest.extend({ taskId }),
    output: bulkOutcome.extend({ batch: outboxBatch.nullable(), queued: z.number().int() })
  },

  'outbox:summary': { role: 'helpdesk', input: nothing, output: outboxSummary },
  'outbox:batches': {
    role: 'helpdesk',
    input: z.object({ beforeId: z.number().int().optional(), limit: z.number().int().min(1).max(200).default(50) }),
    output: z.object({ batches: z.array(outboxBatch), next: z.number().nullable() })
  },
  /** The newest first. */
  'outbox:messages': {
    role: 'helpdesk',
    input: z.object({
      /** Null: those of no batch; left out: all. */
      batchId: z.number().int().nullable().optional(),
      states: z.array(z.enum(messageStates)).min(1).optional(),
      username: nameToFind.optional(),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ messages: z.array(outboxMessage), next: z.number().nullable() })
  },
  'outbox:pause': { role: 'helpdesk', input: z.object({ batchId: z.number().int() }), output: outboxBatch },
  /** Also one that is stopped. */
  'outbox:resume': { role: 'helpdesk', input: z.object({ batchId: z.number().int() }), output: outboxBatch },
  /** What is not sent yet is not sent, and its codes are withdrawn. Without `batchId`: of every batch. */
  'outbox:cancel': {
    role: 'helpdesk',
    input: z.object({ batchId: z.number().int().optional() }),
    output: z.object({ cancelled: z.number().int() })
  },
  /** Failed, deferred, unknown and cancelled ones once more; where the code is no longer live, with a new one. */
  'outbox:retry': {
    role: 'helpdesk',
    input: messageSelection.extend({ taskId }),
    output: bulkOutcome.extend({ retried: z.number().int() })
  },

  'log:list': {
    role: 'helpdesk',
    input: z.object({
      filter: auditFilter.default({}),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    /**
     * Newest first. `next` is the `beforeId` to go on with, null at the end. A rare find takes several calls: an answer may hold
     * fewer than asked for, or none, and still have a `next`.
     */
    output: z.object({ entries: z.array(auditEntry), next: z.number().nullable() })
  },
  'log:verify': {
    role: 'helpdesk',
    /** A head that was kept elsewhere tells also whether rows were cut off at the end. */
    input: z.object({ head: auditHead.optional(), taskId }),
    output: auditVerification
  },
  'log:export': {
    role: 'administrator',
    input: z.object({ filter: auditFilter.default({}), format: z.enum(['csv', 'json']), taskId }),
    output: z.object({ content: bytes, entries: z.number() })
  },

  'backup:create': {
    role: 'administrator',
    input: z.object({ passphrase, taskId }),
    output: backupReport.extend({ content: bytes })
  },
  'backup:inspect': {
    role: 'administrator',
    input: z.object({ content: bytes, passphrase }),
    output: backupInspection
  },
  'backup:restore': {
    role: 'administrator',
    input: z.object({ content: bytes, passphrase, taskId }),
    output: restoreReport
  },

  'portal:get': { role: 'helpdesk', input: nothing, output: portalState },
  'portal:requests': {
    role: 'helpdesk',
    input: z.object({ limit: z.number().int().min(1).max(500).default(100) }),
    output: z.array(portalRequest)
  },
  /** A one-time link by which a user shows a code of their own; whoever holds it gets the app. */
  'links:create': {
    role: 'helpdesk',
    input: z.object({ username: nameToFind }),
    output: z.object({ username: z.string(), url: z.string(), expiresAtMs: z.number() })
  },

  'sheets:stock': { role: 'helpdesk', input: nothing, output: z.array(stockEntry) },
  'sheets:plan': { role: 'helpdesk', input: sheetRequest, output: sheetPlan },
  'sheets:make': { role: 'helpdesk', input: sheetRequest.extend({ taskId }), output: madeSheet },
  /** Says that an offered sheet was printed or saved: its codes then outlive the program. */
  'sheets:keep': { role: 'helpdesk', input: z.object({ id: sheetId }), output: done },
  'sheets:list': {
    role: 'helpdesk',
    input: z.object({ beforeId: sheetId.optional(), limit: z.number().int().min(1).max(500).default(100) }),
    output: z.object({ sheets: z.array(sheetEntry), next: z.number().nullable() })
  },
  'sheets:show': {
    role: 'helpdesk',
    input: z.object({
      id: sheetId,
      afterPosition: z.number().int().min(-1).default(-1),
      limit: z.number().int().min(1).max(500).default(100),
      state: z.enum(codeStates).optional()
    }),
    output: z.object({ sheet: sheetEntry, labels: z.array(sheetLabel), next: z.number().nullable() })
  },
  'sheets:withdraw': {
    role: 'helpdesk',
    input: z.object({ id: sheetId, taskId }),
    output: z.object({ withdrawn: z.number() })
  },
  'sheets:reissue': {
    role: 'helpdesk',
    input: codeLife.extend({ id: sheetId, startAt: sheetDesign.shape.startAt, taskId }),
    output: madeSheet
  },
  'sheets:testPage': {
    role: 'helpdesk',
    input: sheetDesign.pick({ stock: true, fit: true }),
    output: z.object({ pdf: bytes, paper: pageName })
  },
  'sheets:letter': { role: 'helpdesk', input: nothing, output: sheetLetter },
  'sheets:setLetter': {
    role: 'administrator',
    input: z.object({ text: z.string().max(mostLetterCharacters).nullable() }),
    output: sheetLetter
  },

  'key:list': { role: 'administrator', input: nothing, output: z.array(keySlot) },
  'key:add': {
    role: 'administrator',
    input: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('passphrase'), passphrase: z.string() }),
      z.object({ kind: z.literal('file'), path: z.string().min(1) }),
      z.object({ kind: z.literal('keychain') })
    ]),
    output: keySlot
  },
  'key:remove': { role: 'administrator', input: z.object({ id: z.number().int() }), output: done }
} as const satisfies Record<`${string}:${string}`, CallShape>

export type Contract = typeof contract
export type CallName = keyof Contract
/** What a caller sends: members with a default may be left out. */
export type CallInput<Name extends CallName> = z.input<Contract[Name]['input']>
/** What a handler receives. */
export type ParsedInput<Name extends CallName> = z.output<Contract[Name]['input']>
export type CallOutput<Name extends CallName> = z.output<Contract[Name]['output']>

export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(contract, name)
}
