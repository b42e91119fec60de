import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import {
  codeBits,
  codeSymbols,
  leastSafeBits,
  mostTriesOfNetworks,
  oddsAgainst,
  type CodeAlphabet
} from '../../../shared/code-strength.ts'
import { parseDuration } from '../../../shared/duration.ts'
import { valuesOf } from '../../components/form/SettingsForm.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { largeNumberWords } from '../../words/odds.ts'
import { exactSpan } from '../../words/time.ts'
import classes from './Codes.module.css'
import { isNumber, useGuessPolicy, useSavable } from './guess-policy.ts'

const isAlphabet = (value: unknown): value is CodeAlphabet => typeof value === 'string' && value in codeSymbols

/** So many network addresses a guesser is supposed to have. */
const supposedNetworks = 10_000

/** What the alphabet and the length come to, while they are chosen. */
export function StrengthMeasure() {
  const { data: entries } = useQuery(queries.settings)
  const alphabet = useSavable('policy.codes.alphabet', isAlphabet)
  const length = useSavable('policy.codes.length', isNumber)
  const guessing = useGuessPolicy()
  if (alphabet === null || length === null || guessing === null || !entries) return null
  const bits = codeBits(alphabet, length)
  const isWeak = bits < leastSafeBits
  const lifeMs = parseDuration(valuesOf(entries)['policy.selfReset.mailValidity']) ?? 0
  const inLife = mostTriesOfNetworks(lifeMs, supposedNetworks, guessing)
  const triesWords = (count: number) => t('policy.codes.code.tries', { count })
  const odds = (tries: number) => largeNumberWords(oddsAgainst(alphabet, length, tries))
  return (
    <div className={classes.measure} data-weak={isWeak || undefined} role="status">
      <code className={classes.example}>
        {t('policy.codes.code.example', { code: exampleCode(codeSymbols[alphabet], length) })}
      </code>
      <p>
        {t('policy.codes.code.strength', {
          bits: Math.floor(bits),
          tries: triesWords(guessing.wrongAttempts),
          odds: odds(guessing.wrongAttempts)
        })}
      </p>
      <p className={classes.overLife}>
        {t('policy.codes.code.overLife', { life: exactSpan(lifeMs), tries: triesWords(inLife), odds: odds(inLife) })}
      </p>
      {isWeak && (
        <p className={classes.warning}>
          <IconAlertTriangle size={15} aria-hidden />
          {t('policy.codes.code.weak')}
        </p>
      )}
    </div>
  )
}

/** Steps that have no divisor in common with the number of symbols of any alphabet, so that the example looks drawn. */
const step = 7
const start = 19

/** The same at every look, in groups of five as codes are read out. */
function exampleCode(symbols: string, length: number): string {
  const letters = Array.from({ length }, (_, index) => symbols.charAt((start + index * step) % symbols.length))
  return letters
    .join('')
    .replace(/.{5}(?=.)/g, '$&-')
    .trim()
}
