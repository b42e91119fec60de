import { transportFields, transportSecretFields, type TransportField } from '../../../shared/transport.ts'
import { t } from '../../words/index.ts'

/** What the screen calls a field; one that is not known here goes by its own name. */
export function fieldLabel(name: string): string {
  const field = [...Object.keys(transportFields), ...transportSecretFields].find((each) => each === name)
  return field === undefined ? name : t(`transport.fields.${field as TransportField}`)
}
