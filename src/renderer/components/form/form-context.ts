import { createContext, use } from 'react'

/** Who changed a field last, and when. */
export interface FieldChange {
  actor: string
  atMs: number
}

/** What a field of an edit form shows and does. */
export interface FormField {
  /** As typed, else what the console holds. */
  value: unknown
  isDefault: boolean
  /** What is typed is not what the console holds. */
  isChanged: boolean
  /** Whether there is a default that is known here and that the value is not. */
  canReset: boolean
  /** The address leads to this field. */
  isSought: boolean
  /** Why the value cannot be saved, as a sentence. */
  reason: string | undefined
  /** Somebody else has changed the field while it was edited here; `value` is theirs. `change` where it is known. */
  meanwhile: { value: unknown; change: FieldChange | undefined } | undefined
  /** Takes what is typed; null puts the field back to its default. */
  edit(value: unknown): void
  /** The person has left the field: from now on it says what is wrong with it. */
  touch(): void
  takeTheirs(): void
  keepMine(): void
}

export interface FormState {
  field(name: string): FormField
  /** Names the element of a field to its label, and to whoever moves the focus there. */
  idOf(name: string): string
}

export const FormContext = createContext<FormState | null>(null)

export function useForm(): FormState {
  const form = use(FormContext)
  if (!form) throw new Error('a field needs a form around it')
  return form
}

export function useField(name: string): FormField & { id: string } {
  const form = useForm()
  return { ...form.field(name), id: form.idOf(name) }
}
