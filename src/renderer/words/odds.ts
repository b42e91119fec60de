import { t } from './index.ts'
import { locale } from './time.ts'

const threeDigits = Intl.NumberFormat(locale, { maximumSignificantDigits: 3, roundingMode: 'trunc' })

/** A large number as people say it, rounded down: `225 million million`. */
export function largeNumberWords(value: number): string {
  const millions = Math.floor(Math.log10(Math.max(1, value)) / 6)
  if (millions > 3) return t('odds.beyond')
  const number = threeDigits.format(value / 1e6 ** millions)
  return millions === 0 ? number : t(`odds.millions${millions as 1 | 2 | 3}`, { number })
}
