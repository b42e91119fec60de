import type { codeAlphabets } from '../../shared/settings.ts'

const samples = { letters: 'SAMP1EC0DE', digits: '1234567890' }

/** Stands in previews where a live code would: as long as one, of the same letters, and easily told from one. */
export function sampleCode(alphabet: (typeof codeAlphabets)[number], length: number): string {
  const sample = alphabet === 'digits' ? samples.digits : samples.letters
  return sample.repeat(Math.ceil(length / sample.length)).slice(0, length)
}
