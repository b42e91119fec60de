import type { MessageState } from '../../shared/outbox.ts'
import type { TemplateKind } from '../../shared/template.ts'
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
  /** The latest time this folder has seen; a clock set back does not take time back (see `advanceTime`). */
  high_water_ms: number
  /** By how much the folder's time runs ahead of the clock. */
  offset_ms: Generated<number>
  /** The same when this start of the machine was first seen. */
  base_offset_ms: Generated<number>
  /** Since when, by the clock, the time runs noticeably ahead; null when it does not. */
  ahead_since_ms: Generated<number | null>
  /** The machine whose uptime counts on from `started_at_ms`, its start by the folder's time; null before the first. */
  machine: Generated<string | null>
  started_at_ms: Generated<number>
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
  /** Name of the transport by which its users get their mail. */
  transport: Generated<string>
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
  /** When the mail server took the mail with the newest code; null when that was not mailed. */
  code_sent_at_ms: number | null
  /** By these users are put in order; the database derives them. */
  email_key: GeneratedAlways<string>
  app_rank: GeneratedAlways<number>
  code_rank: GeneratedAlways<number>
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
  /** The key: a user has one device at most. */
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

/** Wrong attempts for a name, over all networks. */
export interface LockoutsTable {
  id: Generated<number>
  /** Also of names that no user has: the charge is the same for known and unknown ones. */
  username_key: string
  wrong_attempts: number
  /** How many networks have guessed since `window_ms`. */
  networks: number
  window_ms: number
  /** How often so many networks guessed that the name was slowed; each time doubles the wait. */
  locks: number
  /** Until then every network that has guessed wrong waits. */
  slowed_until_ms: number
  /** Until then at least one network waits: what is shown as locked. */
  locked_until_ms: number
  updated_at_ms: number
}

/** Wrong attempts for a name from one network (an address, or an IPv6 /64). */
export interface GuessersTable {
  id: Generated<number>
  username_key: string
  network_key: string
  wrong_attempts: number
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

/** In which entries of the log a user is listed among others; a name as it stands there. */
export interface AuditUsersTable {
  username: string
  audit_id: number
}

/** Up to which row the beginning of the log was cut off: the chain goes on from this row's MAC. */
export interface AuditCheckpointTable {
  id: 1
  row_id: number
  row_mac: Base64
  row_at_ms: number
  cut_at_ms: number
  /** HMAC over the rest under the log's key, so that nobody without it can cut rows off. */
  seal: Base64
}

/** One-time links to a page of the User Portal on which a user shows a code of their own. */
export interface ReprovisionLinksTable {
  id: Generated<number>
  user_id: number
  /** SHA-256 of the token in the address: 192 random bits need no key. */
  token_hash: Base64
  created_at_ms: number
  expires_at_ms: number
  used_at_ms: number | null
}

export interface TemplatesTable {
  id: Generated<number>
  kind: TemplateKind
  /** Null: for every group that has none of its own. */
  group_id: number | null
  subject: string
  html: string
  /** Null: made from the HTML. */
  text: string | null
  updated_at_ms: number
}

export interface MailContentsTable {
  id: Generated<number>
  /** SHA-256 over the rest, so that each content is kept once. */
  hash: Base64
  subject: string
  html: string
  text: string | null
}

export interface MailBatchesTable {
  id: Generated<number>
  /** `made`: still being put together. A scheduled one is `open`, too. */
  state: 'made' | 'open' | 'paused' | 'stopped' | 'cancelled' | 'done'
  actor: string
  created_at_ms: number
  at_ms: number
  valid_for_ms: number | null
  until_ms: number | null
  started_at_ms: number | null
  ended_at_ms: number | null
  note: string | null
  next_try_at_ms: number | null
  /** JSON of the messages by state, once it has ended. */
  counts: string | null
}

export interface MailsTable {
  id: Generated<number>
  batch_id: number | null
  kind: TemplateKind
  user_id: number
  content_id: number
  transport: string
  address: string
  state: MessageState
  attempts: number
  /** Fixed from the beginning, and another one once somebody sends it again by hand. */
  message_id: string
  /** What is secret in it (the code, a link), sealed; wiped when it has been sent or is given up. */
  sealed: Base64 | null
  code_id: number | null
  /** The life of its code, from when the server takes the mail; null for a fixed end. */
  valid_for_ms: number | null
  next_try_at_ms: number
  response: string | null
  created_at_ms: number
  updated_at_ms: number
  sent_at_ms: number | null
}

export interface MailLeaseTable {
  id: 1
  holder: string
  until_ms: number
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

/** To which an account may send mails that look like a user's: its own, as a number that was mailed there has shown. */
export interface OwnAddressesTable {
  actor: string
  confirmed: string | null
  pending: string | null
  sealed_number: Base64 | null
  asked_at_ms: number
  tries_left: number
}

export interface Tables {
  server_state: ServerStateTable
  settings: SettingsTable
  groups: GroupsTable
  users: UsersTable
  codes: CodesTable
  devices: DevicesTable
  lockouts: LockoutsTable
  guessers: GuessersTable
  address_failures: AddressFailuresTable
  audit: AuditTable
  audit_users: AuditUsersTable
  audit_checkpoint: AuditCheckpointTable
  reprovision_links: ReprovisionLinksTable
  templates: TemplatesTable
  mail_contents: MailContentsTable
  mail_batches: MailBatchesTable
  mails: MailsTable
  mail_lease: MailLeaseTable
  own_addresses: OwnAddressesTable
  sheets: SheetsTable
  sheet_codes: SheetCodesTable
  sheet_letter: SheetLetterTable
}

/** A database, or a transaction on it: what every store function takes first. */
export type Db = Kysely<Tables>
