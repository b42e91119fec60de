import type { Generated, GeneratedAlways, Kysely } from 'kysely'
import type { SheetState } from '../../shared/sheet.ts'
import type { AppState, CodeState } from '../../shared/user.ts'

/**
 * Hashes, MACs and sealed values are base64url texts: better-sqlite3 takes several times as long to hand over a blob.
 */
export type Base64 = string

/** SQLite knows no booleans. */
export type Flag = 0 | 1

export interface ServerStateTable {
  id: 1
  /** The latest time this folder has seen; a clock set back does not take time back (see `Timekeeper`). */
  high_water_ms: number
  /** HMAC of a fixed text under a derived key, so that a foreign data key is noticed before anything is written. */
  key_check: Base64
}

export interface SettingsTable {
  key: string
  /** JSON */
  value: string
  updated_at_ms: number
}

export interface GroupsTable {
  id: Generated<number>
  name: string
  name_key: string
  mobile_client: Flag
  self_provision: Flag
  created_at_ms: number
}

export interface UsersTable {
  id: Generated<number>
  username: string
  username_key: string
  name: string
  email: string
  phone: string
  /** Folded username, name, address and phone, one a line: what a search looks through. */
  search_text: string
  /** The name without case and accents, by which names are put in order. */
  name_key: string
  group_id: number
  disabled: Flag
  removed_at_ms: number | null
  app_state: AppState
  provisioned_at_ms: number | null
  /** State of the newest code as last written; a live one past `code_expires_at_ms` reads as expired. */
  code_state: Exclude<CodeState, 'superseded'>
  code_issued_at_ms: number | null
  code_expires_at_ms: number | null
  created_at_ms: number
  updated_at_ms: number
  revision: number
  /** By these users are put in order; the database derives them. */
  email_key: GeneratedAlways<string>
  app_rank: GeneratedAlways<number>
  code_rank: GeneratedAlways<number>
  provisioned_key: GeneratedAlways<number>
  code_issued_key: GeneratedAlways<number>
  code_expires_key: GeneratedAlways<number>
}

export interface CodesTable {
  id: Generated<number>
  user_id: number
  /** HMAC-SHA-256(pepper, user id ‖ normalised code); the code itself is stored nowhere. */
  code_hash: Base64
  state: Exclude<CodeState, 'none'>
  channel: string
  issued_at_ms: number
  expires_at_ms: number
  ended_at_ms: number | null
}

export interface DevicesTable {
  id: Generated<number>
  user_id: number
  /** SHA-256 of the Id that the app holds. */
  id_hash: Base64
  /** Sealed 32-byte secret from which the security strings derive. */
  secret: Base64
  /** How often strings were downloaded; each download voids the hundred before. */
  generation: number
  provisioned_at_ms: number
  code_id: number
  address: string
}

export interface LockoutsTable {
  /** Also of names that no user has: the charge is the same for known and unknown ones. */
  username_key: string
  wrong_attempts: number
  /** How many locks in a row; each doubles the wait. */
  locks: number
  locked_until_ms: number
  updated_at_ms: number
}

/** A failed attempt from a network address; kept for as long as the limits by address count it. */
export interface AddressFailuresTable {
  id: Generated<number>
  address_key: string
  /** As in `lockouts`. */
  username_key: string
  at_ms: number
}

export interface AuditTable {
  id: number
  at_ms: number
  actor: string
  kind: string
  user_id: number | null
  username: string
  /** JSON */
  detail: string
  /** HMAC over the row and the `mac` of the row before. */
  mac: Base64
}

export interface SheetsTable {
  id: Generated<number>
  made_at_ms: number
  made_by: string
  part: string
  /** JSON: how it was laid out, for a new one like it. */
  design: string
  state: SheetState
  /** Which program holds its codes in memory while it is being made or neither printed nor saved; see `SheetOwner`. */
  owner: string
  pages: number
  expires_at_ms: number
}

/** What is printed where. The code itself is on paper and nowhere here. */
export interface SheetCodesTable {
  sheet_id: number
  /** Of the label, from 0, counted from the first label of the first page. */
  position: number
  code_id: number
}

export interface SheetLetterTable {
  id: 1
  text: string
  updated_at_ms: number
}

export interface Tables {
  server_state: ServerStateTable
  settings: SettingsTable
  groups: GroupsTable
  users: UsersTable
  codes: CodesTable
  devices: DevicesTable
  lockouts: LockoutsTable
  address_failures: AddressFailuresTable
  audit: AuditTable
  sheets: SheetsTable
  sheet_codes: SheetCodesTable
  sheet_letter: SheetLetterTable
}

/** A database, or a transaction on it: what every store function takes first. */
export type Db = Kysely<Tables>
