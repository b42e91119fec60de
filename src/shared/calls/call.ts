import { z } from 'zod'
import type { Topic } from '../events.ts'

/** Whose calls are limited to what their work needs. An administrator may make every call. */
export const limitedRoles = ['helpdesk'] as const
export type LimitedRole = (typeof limitedRoles)[number]
export type Role = LimitedRole | 'administrator'

/** All that the program knows of a call beyond what its handler does. */
export interface CallShape {
  /** Who may make it, besides administrators. */
  roles: readonly LimitedRole[]
  /** `groups`: it shows or changes users, so that it can be limited to those of some groups. `server`: it cannot. */
  scope: 'groups' | 'server'
  /** What listeners ask for again once it is done; `none` changes nothing. */
  effect: 'none' | readonly Topic[]
  /** False for a call that is answered while a restore replaces the data: all others wait until it has. */
  waitsForRestore?: false
  input: z.ZodType
  output: z.ZodType
}

/** Declares one call, keeping the types of its input and output. */
export function call<const Shape extends CallShape>(shape: Shape): Shape {
  return shape
}

/** A name to look up: longer than any may be, short enough to be looked up in no time. */
export const nameToFind = z.string().max(1000)

export const nothing = z.object({})
export const done = z.object({})

/** The bytes of a file a person chose; an upload in a browser, a read file on the desktop. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')

/**
 * Long work names a task: its progress comes as `task-progress` events under that name, and `tasks:cancel` stops it. The
 * command line gives none and passes its signal and progress function along.
 */
export const taskId = z.string().min(1).max(100).optional()
