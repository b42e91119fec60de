import {
  secretTargetFields,
  transportDefaults,
  transportFieldNames,
  transportFields,
  transportSecret,
  transportSecretFields,
  type Transport,
  type TransportChange,
  type TransportField,
  type TransportSecretField
} from '../../../shared/transport.ts'
import type { StoredFields } from '../../components/form/draft.ts'

export function isTransportSecret(name: string): name is TransportSecretField {
  return transportSecretFields.some((field) => field === name)
}

function isTransportField(name: string): name is TransportField {
  return Object.hasOwn(transportFields, name)
}

/** The fields as a form edits them. A kept secret is an empty field that is not at its default. */
export function storedFieldsOf(transport: Transport): StoredFields {
  const fields = transportFieldNames.map((name) => [
    name,
    { value: transport[name], isDefault: transport[name] === transportDefaults[name] }
  ])
  return {
    ...Object.fromEntries(fields),
    password: { value: '', isDefault: !transport.hasPassword },
    clientSecret: { value: '', isDefault: !transport.hasClientSecret }
  }
}

/** Why a value cannot be saved, as a clause, or null. */
export function reasonAgainstField(name: string, value: unknown): string | null {
  if (value === null) return null
  const schema = isTransportField(name) ? transportFields[name] : isTransportSecret(name) ? transportSecret : null
  const parsed = schema?.safeParse(value)
  return parsed?.success === false ? (parsed.error.issues[0]?.message ?? '') : null
}

/** Whether the fields name another server or sign-in than a kept secret was entered for. */
export function hasOtherTarget(
  secret: TransportSecretField,
  transport: Transport,
  valueOf: (name: TransportField) => unknown
): boolean {
  return secretTargetFields[secret].some((name) => valueOf(name) !== transport[name])
}

/** What to send: a field put back to its default is sent as that default, a secret put back is taken away. */
export function transportChangeOf(changes: Readonly<Record<string, unknown>>): TransportChange {
  const entries = Object.entries(changes).map(([name, value]) => [
    name,
    value === null && isTransportField(name) ? transportDefaults[name] : value
  ])
  return Object.fromEntries(entries) as TransportChange
}
