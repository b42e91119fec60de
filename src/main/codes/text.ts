import { codeSymbols, type CodeAlphabet } from '../../shared/code-strength.ts'
import type { Random } from '../system/clock.ts'

export function generateCode(random: Random, alphabet: CodeAlphabet, length: number): string {
  const letters = codeSymbols[alphabet]
  let code = ''
  for (let i = 0; i < length; i++) code += letters.charAt(random.int(letters.length))
  return code
}

/** Whether a text, however typed, could be a code of this alphabet and length. */
export function isCodeShaped(typed: string, alphabet: CodeAlphabet, length: number): boolean {
  const code = normaliseCode(typed)
  return code.length === length && [...code].every((letter) => codeSymbols[alphabet].includes(letter))
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
