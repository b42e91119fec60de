import { domainToASCII, domainToUnicode } from 'node:url'
import { directionMark, ignorableCharacter } from '../../shared/hidden-characters.ts'
import { mixedScriptsOf } from '../../shared/mixed-scripts.ts'
import { percentEncode } from '../../shared/provision-url.ts'

const mostUsernameCharacters = 64
/** Leaves room for server address, Site ID and code in the 768 bytes of a QR code's text. */
const mostUsernameLinkBytes = 200
const mostNameCharacters = 200
const mostPhoneCharacters = 40
/** RFC 5321 section 4.5.3.1: 64 octets of local part; 256 of path, its two angle brackets included. */
const mostEmailLocalBytes = 64
const mostEmailBytes = 254

/** A value as it is to be stored, or why it cannot be: a clause that follows the name of the column. */
export type Checked = { value: string } | { reason: string }

/** The key by which usernames are compared. */
export { foldCase as usernameKey } from '../system/fold-case.ts'

export function checkUsername(text: string): Checked {
  const value = text.normalize('NFC')
  if (value === '') return { reason: 'is empty' }
  const reason =
    controlReason(value) ??
    directionReason(value) ??
    ignorableReason(value) ??
    lengthReason(value, mostUsernameCharacters) ??
    forbiddenReason(value, /[/<>"]/u)
  if (reason !== null) return { reason }
  if (value !== value.trim()) return { reason: 'begins or ends with white space' }
  // A browser takes these out of a path, so the link would lose the username.
  if (value === '.' || value === '..') return { reason: `is “${value}”, which cannot stand in a link` }
  const linkBytes = percentEncode(value).length
  if (linkBytes > mostUsernameLinkBytes) {
    return { reason: `takes ${linkBytes} bytes in a link; ${mostUsernameLinkBytes} are allowed` }
  }
  return { value }
}

/** Markup in a name is text, and joiners belong to several scripts; only what breaks a line or a header is refused. */
export function checkName(text: string): Checked {
  return checkFreeText(text, mostNameCharacters)
}

/** One address or none. International local parts and domains are taken (RFC 6531), quoted local parts and address literals are not. */
export function checkEmail(text: string): Checked {
  const control = controlReason(text) ?? directionReason(text)
  if (control !== null) return { reason: control }
  const value = text.trim()
  if (value === '') return { value }
  const [local = '', domain = '', ...rest] = value.split('@')
  const reason =
    forbiddenReason(value, /[\s,;:<>()[\]\\"]/u) ??
    (value.includes('@') ? null : 'has no “@”') ??
    (rest.length === 0 ? null : 'has more than one “@”') ??
    localPartReason(local) ??
    domainReason(domain)
  if (reason !== null) return { reason }
  const bytes = Buffer.byteLength(value)
  if (bytes > mostEmailBytes) return { reason: `is ${bytes} bytes long; ${mostEmailBytes} are allowed` }
  return { value }
}

/** What speaks against an address that is taken, as a clause; null when nothing. Domains written for machines are looked into. */
export function emailWarning(email: string): string | null {
  const [local = '', domain = ''] = email.split('@')
  return mixedScriptsOf(/(^|\.)xn--/i.test(domain) ? `${local}@${domainToUnicode(domain)}` : email)
}

/** Numbers as people write them, with words such as “ext.”; nothing is dialled from here. */
export function checkPhone(text: string): Checked {
  const checked = checkFreeText(text, mostPhoneCharacters)
  if ('reason' in checked) return checked
  const reason = forbiddenReason(checked.value, /[^\p{L}\p{M}\p{Nd}\p{Zs}\p{Pd}+().,/:;#*&]/u)
  return reason === null ? checked : { reason }
}

function checkFreeText(text: string, mostCharacters: number): Checked {
  const control = controlReason(text) ?? directionReason(text)
  if (control !== null) return { reason: control }
  const value = text.trim()
  const reason = lengthReason(value, mostCharacters)
  return reason === null ? { value } : { reason }
}

function localPartReason(local: string): string | null {
  if (local === '') return 'has nothing before the “@”'
  if (local.split('.').includes('')) return 'has a dot too many before the “@”'
  const bytes = Buffer.byteLength(local)
  return bytes > mostEmailLocalBytes ? `has ${bytes} bytes before the “@”; ${mostEmailLocalBytes} are allowed` : null
}

function domainReason(domain: string): string | null {
  if (domain === '') return 'has nothing after the “@”'
  const labels = domain.split('.')
  if (labels.includes('')) return 'has a dot too many after the “@”'
  if (labels.length < 2) return `has no dot in its domain “${shorten(domain)}”`
  const isWritten = labels.every((label) => /^(?!-)[\p{L}\p{M}\p{N}\p{Join_Control}-]+(?<!-)$/u.test(label))
  // Empty for what IDNA refuses, and for numbers at the end, which are an IP address or a slip.
  const ascii = isWritten ? domainToASCII(domain) : ''
  const isDomain = ascii !== '' && !/\.\d+$/.test(ascii) && ascii.split('.').every((label) => label.length <= 63)
  return isDomain ? null : `has no valid domain in “${shorten(domain)}”`
}

function controlReason(text: string): string | null {
  const character = /[\p{Cc}\p{Cs}\u2028\u2029]/u.exec(text)?.[0]
  if (character === undefined) return null
  if (/[\r\n\u0085\u2028\u2029]/.test(character)) return 'contains a line break'
  if (/\p{Cs}/u.test(character)) return 'contains half a character (a lone surrogate)'
  return `contains a control character (${controlNames[character] ?? codePointName(character)})`
}

const controlNames: Record<string, string> = { '\0': 'NUL', '\t': 'tab', '\u001b': 'escape', '\u007f': 'delete' }

function directionReason(text: string): string | null {
  const character = directionMark(text)
  return character === null ? null : `contains a hidden text direction mark (${codePointName(character)})`
}

function ignorableReason(text: string): string | null {
  const character = ignorableCharacter(text)
  return character === null ? null : `contains an invisible character (${codePointName(character)})`
}

function lengthReason(text: string, mostCharacters: number): string | null {
  const length = [...text].length
  return length > mostCharacters ? `is ${length} characters long; ${mostCharacters} are allowed` : null
}

function forbiddenReason(text: string, forbidden: RegExp): string | null {
  const character = forbidden.exec(text)?.[0]
  if (character === undefined) return null
  return /\s/u.test(character) ? 'contains a space' : `contains “${character}”`
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
