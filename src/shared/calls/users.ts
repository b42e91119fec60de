import { z } from 'zod'
import { auditEntry } from '../audit.ts'
import { bulkOutcome } from '../code.ts'
import { deviceRecord } from '../device.ts'
import {
  importColumns,
  importReading,
  importReport,
  user,
  userChange,
  userFields,
  userFilter,
  userSelection,
  userSort
} from '../user.ts'
import { call, nameToFind, bytes, taskId } from './call.ts'

/** A page of a long list: from the start, or after the cursor of an earlier page; `skip` jumps ahead from there. */
const userPage = z.object({
  filter: userFilter.default({}),
  sort: userSort.default({ column: 'username', descending: false }),
  /** Of a page with the same sort. */
  after: z.string().max(4000).optional(),
  skip: z.number().int().min(0).max(10_000_000).default(0),
  limit: z.number().int().min(1).max(500).default(100)
})

const importSource = z.object({
  content: bytes,
  mapping: z.array(z.enum(importColumns).nullable()).optional(),
  delimiter: z.enum([',', ';', '\t']).optional()
})

/** `undo` names the act to `users:undo` while the console runs; null where nobody was changed. */
const undoableOutcome = bulkOutcome.extend({ changed: z.number(), undo: z.string().nullable() })

export const usersCalls = {
  'users:list': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: userPage,
    output: z.object({ users: z.array(user), next: z.string().nullable() })
  }),
  'users:count': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ filter: userFilter }),
    output: z.object({ users: z.number() })
  }),
  'users:show': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({
      username: nameToFind,
      /** Follows one user to another name: the name then only serves the words of a refusal. */
      id: z.number().int().optional()
    }),
    output: z.object({ user, timeline: z.array(auditEntry), device: deviceRecord.nullable() })
  }),
  'users:add': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: userFields,
    output: user
  }),
  'users:set': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({
      username: nameToFind,
      change: userChange,
      /** Refused with `changed-meanwhile` when the user is no longer at this revision. */
      revision: z.number().int().optional(),
      /** Fields as they were looked at; refused likewise when one of them is another by now. */
      expected: userChange.optional()
    }),
    output: user
  }),
  'users:disable': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  }),
  'users:enable': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  }),
  'users:move': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, group: nameToFind, taskId }),
    output: undoableOutcome
  }),
  'users:remove': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: undoableOutcome
  }),
  /**
   * Takes one act back from the users whom it changed. Codes and apps that it ended do not come back; a removed user whose name
   * was given away since, or a moved one whose group is gone, is left out.
   */
  'users:undo': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ undo: z.string().max(100), taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  }),
  /** Voids the app; a live code stays. */
  'users:unprovision': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  }),
  /** Ends the wait after wrong attempts, and forgets them. */
  'users:unlock': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ changed: z.number() })
  }),
  /** CSV that `users:import` reads back, safe to open in a spreadsheet. */
  'users:export': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: z.object({ content: bytes, users: z.number() })
  }),
  'users:readImport': call({ roles: [], scope: 'groups', effect: 'none', input: importSource, output: importReading }),
  'users:import': call({
    roles: [],
    scope: 'groups',
    effect: ['users', 'groups', 'log'],
    input: importSource.extend({
      dryRun: z.boolean().default(false),
      skipBad: z.boolean().default(false),
      createGroups: z.boolean().default(false),
      /** The users of this group whom the file does not name are disabled, once all that it names is written. */
      disableMissing: nameToFind.optional(),
      taskId
    }),
    output: importReport
  })
}
