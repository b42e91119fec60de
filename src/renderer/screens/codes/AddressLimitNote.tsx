import { useField } from '../../components/form/form-context.ts'
import { t } from '../../words/index.ts'

export function AddressLimitNote() {
  const { value } = useField('policy.codes.perAddressPerMinute')
  return t(value === 0 ? 'policy.codes.address.isOff' : 'policy.codes.address.perMinuteNote')
}
