import { parseDuration } from '../../../shared/duration.ts'
import type { GuessPolicy } from '../../../shared/code-strength.ts'
import type { SettingKey } from '../../../shared/settings.ts'
import { useForm } from '../../components/form/form-context.ts'
import { reasonAgainstSetting } from '../../components/form/SettingsForm.tsx'

/** The value of a field as it would be saved, or null while it could not be. */
export function useSavable<Value>(name: SettingKey, isValue: (value: unknown) => value is Value): Value | null {
  const { value } = useForm().field(name)
  return isValue(value) && reasonAgainstSetting(name, value) === null ? value : null
}

export const isNumber = (value: unknown): value is number => typeof value === 'number'
export const isText = (value: unknown): value is string => typeof value === 'string'
const isLimit = (value: unknown): value is number | 'off' => value === 'off' || isNumber(value)

/** What the form says of guessing, as far as it could be saved; null while it could not. */
export function useGuessPolicy(): GuessPolicy | null {
  const wrongAttempts = useSavable('policy.codes.wrongAttempts', isNumber)
  const firstLock = useSavable('policy.codes.firstLock', isText)
  const longestLock = useSavable('policy.codes.longestLock', isText)
  const endAfter = useSavable('policy.codes.endAfterWrongAttempts', isLimit)
  const firstLockMs = firstLock === null ? null : parseDuration(firstLock)
  const longestLockMs = longestLock === null ? null : parseDuration(longestLock)
  if (wrongAttempts === null || firstLockMs === null || longestLockMs === null || endAfter === null) return null
  return { wrongAttempts, firstLockMs, longestLockMs, endAfter: endAfter === 'off' ? null : endAfter }
}
