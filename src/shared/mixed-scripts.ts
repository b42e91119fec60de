/** The scripts of Unicode's identifiers (UAX #31, table 5): what names and addresses are written in today. */
const scripts = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Armenian',
  'Bengali',
  'Bopomofo',
  'Cherokee',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan'
] as const
type Script = (typeof scripts)[number]

const patterns = scripts.map((script) => [script, new RegExp(`\\p{Script_Extensions=${script}}`, 'u')] as const)
const ofNoScript = /[\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}]/u

/** Written together in one language, and with Latin beside them: UTS #39's “highly restrictive” profile. */
const writtenTogether: readonly (readonly Script[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul']
]

/**
 * What an address mixes within one of its parts (between dots and “@”), as a clause that follows “the email”; null when nothing.
 * A letter of another script may look like the one that is expected, so that the mail goes to somebody else.
 */
export function mixedScriptsOf(address: string): string | null {
  // The check of every character is for the few addresses that are not all ASCII.
  // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(address)) return null
  for (const part of address.split(/[.@]/)) {
    const found = scriptsMixedIn(part)
    if (found !== null) return `mixes ${found.join(' and ')} letters in “${part.slice(0, 60)}”`
  }
  return null
}

function scriptsMixedIn(part: string): string[] | null {
  let common: string[] = [...scripts, 'other']
  const used = new Set<string>()
  const unclear: string[][] = []
  for (const character of part.normalize('NFC')) {
    if (ofNoScript.test(character)) continue
    const named = patterns.filter(([, pattern]) => pattern.test(character)).map(([script]) => script)
    const own: string[] = named.length === 0 ? ['other'] : named
    if (own.length === 1) used.add(own[0] ?? '')
    else unclear.push(own)
    common = common.filter((script) => own.includes(script))
  }
  if (common.length > 0) return null
  const isOf = (allowed: readonly string[]) =>
    [...used].every((script) => allowed.includes(script)) &&
    unclear.every((own) => own.some((script) => allowed.includes(script)))
  if (writtenTogether.some(isOf)) return null
  const all = used.size > 1 ? [...used] : [...new Set([...used, ...unclear.flat()])]
  return all.toSorted(latinFirst)
}

function latinFirst(one: string, other: string): number {
  if (one === other) return 0
  if (one === 'Latin' || other === 'other') return -1
  if (other === 'Latin' || one === 'other') return 1
  return one < other ? -1 : 1
}
