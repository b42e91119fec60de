import type { KeySlot } from '../../../shared/key.ts'
import { CallError } from '../../bridge.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { largeNumberWords } from '../../words/odds.ts'
import { describeProblem, type Problem } from '../../words/problems.ts'
import { spanWords } from '../../words/time.ts'
import type { PassphraseStrength } from './passphrase-strength.ts'

/** A refusal that was about a backup: the same codes mean something else of a data folder. */
export function describeBackupProblem(error: unknown): Problem {
  if (!(error instanceof CallError)) return describeProblem(error)
  const { code, message } = error.data
  switch (code) {
    case 'key-locked':
      return { sentence: t('backup.problems.wrongPassphrase'), detail: null }
    case 'file-unreadable':
      return { sentence: t('backup.problems.damaged'), detail: message }
    case 'schema-newer':
      return { sentence: t('backup.problems.newer'), detail: null }
    case 'database-busy':
      return { sentence: t('backup.problems.busy'), detail: message }
    default:
      return describeProblem(error)
  }
}

const bytesAKib = 1024

export function sizeWords(bytes: number): string {
  const kib = bytes / bytesAKib
  if (kib < bytesAKib) return t('backup.size.kib', { size: Math.max(1, Math.round(kib)).toLocaleString('en') })
  const mib = kib / bytesAKib
  return t('backup.size.mib', { size: mib.toLocaleString('en', { maximumFractionDigits: mib < 10 ? 1 : 0 }) })
}

export function slotName({ kind, path }: Pick<KeySlot, 'kind' | 'path'>): string {
  return path === null ? t(`backup.keys.kinds.${kind}`) : `${t(`backup.keys.kinds.${kind}`)} ${isolate(path)}`
}

const secondsAYear = 365.25 * 86_400

export function strengthWords({ level, seconds }: PassphraseStrength): string {
  const years = seconds / secondsAYear
  const span =
    years < 1
      ? spanWords(seconds * 1000)
      : years < 1000
        ? t('backup.passphrase.years', { count: Math.floor(years) })
        : t('backup.passphrase.manyYears', { years: largeNumberWords(years) })
  return t(`backup.passphrase.${level}`, { span })
}
