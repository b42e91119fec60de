import { auditKinds, type AuditFilter, type AuditKind } from '../../../shared/audit.ts'
import { parseDuration } from '../../../shared/duration.ts'
import { currentRoute, navigate, type Route } from '../../routes.ts'
import { failureKinds, isKind, kindGroups, kindsOf, type KindGroup } from './kind-groups.ts'

export const logScreen = 'log'

/** What of the address can be chosen as a kind: a group of kinds, what went wrong, or one kind by its name. */
export type KindChoice = KindGroup | 'failures' | AuditKind

/** Which entries the list shows, as the address has it. A time is one on the clock, or so long ago: `24h`. */
export interface LogChoice {
  user: string
  text: string
  kinds: readonly KindChoice[]
  since: string
  until: string
}

export const everything: LogChoice = { user: '', text: '', kinds: [], since: '', until: '' }

/** As much of a name or a text as the contract takes. */
export const mostCharacters = 200

/** What makes no sense in the address is passed over. */
export function readLogChoice({ user, text, kind, since, until }: Route['params']): LogChoice {
  return {
    user: (user ?? '').slice(0, mostCharacters),
    text: (text ?? '').slice(0, mostCharacters),
    kinds: (kind ?? '').split(',').filter(isKindChoice),
    since: readableTime(since),
    until: readableTime(until)
  }
}

export function isEverything(choice: LogChoice): boolean {
  return Object.values(writeLogChoice(choice)).every((value) => value === '')
}

/** Shows the entries that are chosen; an open entry stays open. */
export function showLog(choice: LogChoice, { replace = false } = {}): void {
  const { screen, item } = currentRoute()
  const open = screen === logScreen ? item : null
  navigate({ screen: logScreen, item: open, params: writeLogChoice(choice) }, { replace })
}

/** Opens an entry beside the list, which keeps its filter. */
export function openEntry(id: number): void {
  const { screen, params } = currentRoute()
  navigate({ screen: logScreen, item: String(id), params: screen === logScreen ? params : {} })
}

export function closeEntry(): void {
  navigate({ screen: logScreen, item: null, params: currentRoute().params })
}

/** The row of the log that the address names. */
export function readRow(item: string | null): number | null {
  return item !== null && /^-?\d{1,15}$/.test(item) ? Number(item) : null
}

/** What the choice asks of main, seen from a moment: this one. */
export function filterOf({ user, text, kinds, since, until }: LogChoice, nowMs = Date.now()): AuditFilter {
  const sinceMs = timeOf(since, nowMs)
  const untilMs = timeOf(until, nowMs)
  const chosen = auditKinds.filter((kind) => kinds.some((choice) => kindsOfChoice(choice).includes(kind)))
  return {
    ...(user.trim() !== '' && { user: user.trim() }),
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(chosen.length > 0 && { kinds: chosen }),
    ...(sinceMs !== null && { sinceMs }),
    ...(untilMs !== null && { untilMs })
  }
}

/** Whether nothing that comes from now on can match. */
export function isOver({ untilMs }: AuditFilter, nowMs = Date.now()): boolean {
  return untilMs !== undefined && untilMs <= nowMs
}

function kindsOfChoice(choice: KindChoice): readonly AuditKind[] {
  if (choice === 'failures') return failureKinds
  return isKind(choice) ? [choice] : kindsOf(choice)
}

function writeLogChoice({ user, text, kinds, since, until }: LogChoice): Record<string, string> {
  return { user, text, kind: kinds.join(','), since, until }
}

function isKindChoice(text: string): text is KindChoice {
  return text === 'failures' || isKind(text) || kindGroups.some((group) => group === text)
}

function readableTime(text: string | undefined): string {
  return text !== undefined && timeOf(text, 0) !== null ? text : ''
}

/** Without a zone it is a time of this desk's clock. */
function timeOf(text: string, nowMs: number): number | null {
  const agoMs = parseDuration(text)
  const atMs = agoMs === null ? (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN) : nowMs - agoMs
  return Number.isNaN(atMs) ? null : atMs
}
