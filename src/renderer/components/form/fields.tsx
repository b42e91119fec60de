import { Select, Switch, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { t } from '../../words/index.ts'
import { FieldRow } from './FieldRow.tsx'
import { useField } from './form-context.ts'
import classes from './form.module.css'

export interface FieldProps {
  /** Of the form’s stored fields. */
  name: string
  label: string
  note?: ReactNode
  aside?: ReactNode
}

const order = ['input', 'error', 'description'] as const

/** One line of text. `isCode` for what is compared character by character: addresses, paths. */
export function TextField({
  name,
  label,
  note,
  aside,
  isCode = false,
  isShort = false,
  takesFocus = false,
  ...input
}: FieldProps & {
  isCode?: boolean
  isShort?: boolean
  /** First of all fields, once the form is opened. */
  takesFocus?: boolean
  placeholder?: string
  autoComplete?: string
  type?: 'text' | 'password'
}) {
  const field = useField(name)
  return (
    <FieldRow field={field} label={label} aside={aside}>
      <TextInput
        id={field.id}
        value={textOf(field.value)}
        error={field.reason}
        description={note}
        inputWrapperOrder={[...order]}
        classNames={{ input: isCode ? classes.code : '', wrapper: isShort ? classes.short : '' }}
        spellCheck={false}
        autoComplete="off"
        {...input}
        {...(!isCode && { dir: 'auto' })}
        {...(takesFocus && { 'data-autofocus': true })}
        onChange={(event) => field.edit(event.currentTarget.value)}
        onBlur={field.touch}
      />
    </FieldRow>
  )
}

/** A whole number; what is typed and is none stays as typed, for the check to refuse. */
export function NumberField({ name, label, note, aside, unit }: FieldProps & { unit?: string }) {
  const field = useField(name)
  return (
    <FieldRow field={field} label={label} aside={aside}>
      <TextInput
        id={field.id}
        value={textOf(field.value)}
        error={field.reason}
        description={note}
        inputWrapperOrder={[...order]}
        inputMode="numeric"
        autoComplete="off"
        classNames={{ input: classes.number, wrapper: classes.short }}
        rightSection={unit === undefined ? undefined : <span className={classes.unit}>{unit}</span>}
        rightSectionWidth={unit === undefined ? undefined : `calc(${unit.length}ch + 1rem)`}
        rightSectionPointerEvents="none"
        onChange={(event) => field.edit(readWholeNumber(event.currentTarget.value))}
        onBlur={field.touch}
      />
    </FieldRow>
  )
}

export function SwitchField({ name, label, note, aside }: FieldProps) {
  const field = useField(name)
  const isOn = field.value === true
  return (
    <FieldRow field={field} label={label} aside={aside} show={(value) => t(value === true ? 'form.yes' : 'form.no')}>
      <Switch
        id={field.id}
        size="sm"
        withThumbIndicator={false}
        checked={isOn}
        error={field.reason}
        description={note}
        label={<span aria-hidden>{t(isOn ? 'form.yes' : 'form.no')}</span>}
        aria-labelledby={`${field.id}-label`}
        className={classes.switch}
        onChange={(event) => field.edit(event.currentTarget.checked)}
      />
    </FieldRow>
  )
}

/** One of a few. */
export function ChoiceField({
  name,
  label,
  note,
  aside,
  choices,
  isSearchable = false
}: FieldProps & { choices: readonly { value: string; label: string }[]; isSearchable?: boolean }) {
  const field = useField(name)
  const wordOf = (value: unknown) => choices.find((choice) => choice.value === value)?.label ?? String(value)
  return (
    <FieldRow field={field} label={label} aside={aside} show={wordOf}>
      <Select
        id={field.id}
        data={[...choices]}
        value={textOf(field.value)}
        error={field.reason}
        description={note}
        inputWrapperOrder={[...order]}
        allowDeselect={false}
        searchable={isSearchable}
        classNames={{ wrapper: classes.choice }}
        onChange={(value) => field.edit(value)}
        onBlur={field.touch}
      />
    </FieldRow>
  )
}

/** A list with a line for each. */
export function LinesField({ name, label, note, aside, placeholder }: FieldProps & { placeholder?: string }) {
  const field = useField(name)
  return (
    <FieldRow field={field} label={label} aside={aside} show={(value) => linesOf(value).join(', ')}>
      <Textarea
        id={field.id}
        size="xs"
        autosize
        minRows={3}
        maxRows={10}
        value={linesOf(field.value).join('\n')}
        error={field.reason}
        description={note}
        inputWrapperOrder={[...order]}
        classNames={{ input: classes.code }}
        spellCheck={false}
        {...(placeholder !== undefined && { placeholder })}
        onChange={({ currentTarget: { value } }) => field.edit(value === '' ? [] : value.split('\n'))}
        onBlur={field.touch}
      />
    </FieldRow>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function linesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Beyond this many digits a number is not kept exactly. */
const mostDigits = 15

export function readWholeNumber(text: string): number | string {
  const bare = text.trim()
  return /^\d+$/.test(bare) && bare.length <= mostDigits ? Number(bare) : text
}
