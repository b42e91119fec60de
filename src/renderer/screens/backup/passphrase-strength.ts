/** A thousand processors, each a third of a second at one scrypt of 128 MiB. */
const guessesPerSecond = 3000
const leastFairSeconds = 365 * 86_400
const leastStrongSeconds = 100 * leastFairSeconds

export interface PassphraseStrength {
  level: 'weak' | 'fair' | 'strong'
  /** How long a guesser who tries what people choose needs on average. */
  seconds: number
}

export function passphraseLength(passphrase: string): number {
  return [...passphrase].length
}

export function measurePassphrase(passphrase: string): PassphraseStrength {
  const seconds = 2 ** (chosenBits(passphrase) - 1) / guessesPerSecond
  return { level: seconds < leastFairSeconds ? 'weak' : seconds < leastStrongSeconds ? 'fair' : 'strong', seconds }
}

/**
 * Bits of a passphrase that a person chose, by the rule of NIST SP 800-63-1 (appendix A): 4 for the first character, 2 for each
 * of the next seven, 1.5 up to the twentieth, 1 beyond, 6 more where it mixes cases and signs. Characters that go on from the
 * one before (aaaa, 1234) say nothing and are not counted.
 */
export function chosenBits(passphrase: string): number {
  const characters = [...passphrase.normalize('NFKC')]
  const counted = characters.filter((_, index) => !goesOn(characters, index)).length
  const steps = [
    [1, 4],
    [8, 2],
    [20, 1.5],
    [Infinity, 1]
  ] as const
  let bits = 0
  let from = 0
  for (const [until, each] of steps) {
    bits += Math.max(0, Math.min(counted, until) - from) * each
    from = until
  }
  const isMixed = /\p{Lu}/u.test(passphrase) && /\p{Ll}/u.test(passphrase) && /[^\p{L}\s]/u.test(passphrase)
  return bits + (isMixed ? 6 : 0)
}

/** Of a run such as abcd the first two say where it begins and which way it goes. */
function goesOn(characters: readonly string[], index: number): boolean {
  const [two, one, own] = [index - 2, index - 1, index].map((at) => characters[at]?.toLowerCase().codePointAt(0))
  if (one === undefined || own === undefined) return false
  return own === one || (two !== undefined && Math.abs(own - one) === 1 && own - one === one - two)
}
