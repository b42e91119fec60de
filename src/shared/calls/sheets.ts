import { z } from 'zod'
import { codeLife } from '../code.ts'
import { mostLetterCharacters } from '../letter.ts'
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
} from '../sheet.ts'
import { codeStates } from '../user.ts'
import { call, nothing, done, bytes, taskId } from './call.ts'

export const sheetsCalls = {
  'sheets:stock': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: nothing,
    output: z.array(stockEntry)
  }),
  'sheets:plan': call({ roles: ['helpdesk'], scope: 'groups', effect: 'none', input: sheetRequest, output: sheetPlan }),
  'sheets:make': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['sheets', 'users', 'log'],
    input: sheetRequest.extend({ taskId }),
    output: madeSheet
  }),
  /** Says that an offered sheet was printed or saved: its codes then outlive the program. */
  'sheets:keep': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['sheets', 'users', 'log'],
    input: z.object({ id: sheetId }),
    output: done
  }),
  'sheets:list': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ beforeId: sheetId.optional(), limit: z.number().int().min(1).max(500).default(100) }),
    output: z.object({ sheets: z.array(sheetEntry), next: z.number().nullable() })
  }),
  'sheets:show': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({
      id: sheetId,
      afterPosition: z.number().int().min(-1).default(-1),
      limit: z.number().int().min(1).max(500).default(100),
      state: z.enum(codeStates).optional()
    }),
    output: z.object({ sheet: sheetEntry, labels: z.array(sheetLabel), next: z.number().nullable() })
  }),
  'sheets:withdraw': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['sheets', 'users', 'log'],
    input: z.object({ id: sheetId, taskId }),
    output: z.object({ withdrawn: z.number() })
  }),
  'sheets:reissue': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['sheets', 'users', 'log'],
    input: codeLife.extend({ id: sheetId, startAt: sheetDesign.shape.startAt, taskId }),
    output: madeSheet
  }),
  'sheets:testPage': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: sheetDesign.pick({ stock: true, fit: true }),
    output: z.object({ pdf: bytes, paper: pageName })
  }),
  'sheets:letter': call({ roles: ['helpdesk'], scope: 'server', effect: 'none', input: nothing, output: sheetLetter }),
  'sheets:setLetter': call({
    roles: [],
    scope: 'server',
    effect: ['sheets', 'users', 'log'],
    input: z.object({ text: z.string().max(mostLetterCharacters).nullable() }),
    output: sheetLetter
  })
}
