import { z } from 'zod'
import {
  cause,
  diagnosis,
  linkTest,
  phoneRun,
  pictureReading,
  supportBundle,
  symptoms,
  testableLinks
} from '../diagnostics.ts'
import { call, nameToFind, bytes, taskId } from './call.ts'

export const diagnosticsCalls = {
  /** As `qr:decode`, with who made each text, what speaks against it, and how well it scans. */
  'diagnostics:readPicture': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ image: bytes }),
    output: pictureReading
  }),
  /** Does all that an app does, with the code of a user who exists for as long as it takes. */
  'diagnostics:bePhone': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['log'],
    input: z.object({
      /** Whose users the temporary one is to be like; else one that may use an app. */
      group: nameToFind.optional(),
      taskId
    }),
    output: phoneRun
  }),
  /** Runs the checks that tell why a phone shows what it shows. */
  'diagnostics:explain': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['log'],
    input: z.object({ symptom: z.enum(symptoms), username: nameToFind.optional(), taskId }),
    output: diagnosis
  }),
  /** What is wrong with one user, whatever the phone shows; empty where nothing is. */
  'diagnostics:checkUser': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ username: nameToFind }),
    output: z.array(cause)
  }),
  'diagnostics:testLink': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: ['log'],
    input: z.object({ link: z.enum(testableLinks), taskId }),
    output: linkTest
  }),
  'diagnostics:bundle': call({
    roles: [],
    scope: 'server',
    effect: 'none',
    input: z.object({
      /** Whether users, accounts and addresses are given numbers in place of their names. */
      pseudonyms: z.boolean().default(true)
    }),
    output: supportBundle
  })
}
