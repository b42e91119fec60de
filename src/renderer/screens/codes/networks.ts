import { reasonAgainstSetting } from '../../components/form/SettingsForm.tsx'
import { t } from '../../words/index.ts'

/** Which line is no network; as long as every line is one, the schema has the last word. */
export function reasonAgainstNetworks(value: unknown): string | null {
  if (!Array.isArray(value)) return null
  const lines = value.map(String)
  const wrong = lines.findIndex((line) => reasonAgainstSetting('policy.codes.trustedNetworks', [line]) !== null)
  if (wrong === -1) return null
  return t('policy.codes.address.wrongLine', { line: wrong + 1, text: (lines[wrong] ?? '').trim().slice(0, 60) })
}
