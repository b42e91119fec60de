import { AppError } from '../../shared/errors.ts'
import { checkEmail } from '../users/user-rules.ts'

/** An address that a person typed, checked. Throws `invalid-input`. */
export function requireAddress(text: string): string {
  const checked = checkEmail(text)
  if ('reason' in checked) throw new AppError('invalid-input', `The address ${checked.reason}.`)
  if (checked.value === '') throw new AppError('invalid-input', 'Give an address to send to.')
  return checked.value
}
