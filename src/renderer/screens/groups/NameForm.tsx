import { Button, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { CallError } from '../../bridge.ts'
import { asSentence } from '../../components/form/sentence.ts'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import classes from './Groups.module.css'

/** As long as a name may be. */
const mostCharacters = 100

/** A name in its place in the table: Enter keeps it, Esc does not. */
export function NameForm({
  label,
  initial,
  verb,
  note = null,
  onSubmit,
  onDone
}: {
  label: string
  initial: string
  verb: string
  /** To be seen before it is kept. */
  note?: string | null
  /** Throws why the name cannot be had. */
  onSubmit: (name: string) => Promise<void>
  onDone: () => void
}) {
  const [name, setName] = useState(initial)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSaving, setSaving] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const submit = async () => {
    if (isSaving) return
    if (name.trim() === '') return setProblem(t('groups.nameMissing'))
    setSaving(true)
    try {
      await onSubmit(name)
      onDone()
    } catch (error) {
      setProblem(asSentence(error instanceof CallError ? error.data.message : problemText(error)))
      setSaving(false)
      input.current?.focus()
    }
  }
  return (
    <form
      className={classes.nameForm}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput
        ref={input}
        className={classes.nameInput}
        aria-label={label}
        placeholder={t('groups.newNamePlaceholder')}
        value={name}
        maxLength={mostCharacters}
        dir="auto"
        autoComplete="off"
        spellCheck={false}
        error={problem}
        description={note}
        inputWrapperOrder={['input', 'error', 'description']}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          onDone()
        }}
        onChange={(event) => {
          setName(event.currentTarget.value)
          setProblem(null)
        }}
      />
      <Button type="submit" className={classes.nameButton} loading={isSaving}>
        {verb}
      </Button>
      <Button variant="subtle" color="gray" className={classes.nameButton} onClick={onDone}>
        {t('actions.cancel')}
      </Button>
    </form>
  )
}
