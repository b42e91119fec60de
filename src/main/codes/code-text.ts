import type { codeAlphabets } from '../../shared/settings.ts'
import type { Random } from '../clock.ts'

export type CodeAlphabet = (typeof codeAlphabets)[number]

/**
 * Crockford's base32 leaves out I, L, O and U; `alphanumeric` keeps U. None has both a letter and the digit that it is
 * taken for, because typing is normalised the same way for all of them.
 */
const symbols: Record<CodeAlphabet, string> = {
  base32: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  digits: '0123456789',
  alphanumeric: '0123456789ABCDEFGHJKMNPQRSTUVWXYZ'
}

export function generateCode(random: Random, alphabet: CodeAlphabet, length: number): string {
  const letters = symbols[alphabet]
  let code = ''
  for (let i = 0; i < length; i++) code += letters.charAt(random.int(letters.length))
  return code
}

/** Bits of a code: what a guesser has to guess. */
export function codeBits(alphabet: CodeAlphabet, length: number): number {
  return length * Math.log2(symbols[alphabet].length)
}

/** Whether a text, however typed, could be a code of this alphabet and length. */
export function isCodeShaped(typed: string, alphabet: CodeAlphabet, length: number): boolean {
  const code = normaliseCode(typed)
  return code.length === length && [...code].every((letter) => symbols[alphabet].includes(letter))
}

/** A code as it was typed, made comparable: case, spaces and hyphens do not count, O is 0, I and L are 1. */
export function normaliseCode(typed: string): string {
  return typed
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}\p{M}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
}
