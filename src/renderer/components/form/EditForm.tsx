import {
  useEffect,
  useEffectEvent,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type ReactNode,
  type RefObject
} from 'react'
import { CallError } from '../../bridge.ts'
import { useCommand } from '../../commands/registry.ts'
import { guardLeaving } from '../../leaving.ts'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { showToast } from '../toast.tsx'
import {
  changedMeanwhile,
  changesOf,
  editField,
  forget,
  keepMine,
  reasonsAgainst,
  allValuesOf,
  type CheckField,
  type Edits,
  type StoredFields
} from './draft.ts'
import classes from './form.module.css'
import { FormContext, type FieldChange, type FormState } from './form-context.ts'
import { askBeforeLeaving } from './leave-dialog.tsx'
import { SaveBar } from './SaveBar.tsx'
import { asSentence } from './sentence.ts'

const noDefaults = {}

/** What saving came to. */
export interface Saved {
  /** For the toast; without it, “Saved.” */
  text?: string
  /** Takes it back while the toast is shown. */
  undo?: () => void
}

export interface OnceOpened {
  verb: string
  /** In a dialog. Of something new, every field is checked and saved, and it may be saved as it stands. */
  isNew: boolean
  /** Whoever closes the form from outside calls it, so that what is not saved is asked about first. */
  closing: RefObject<(() => void) | null>
  onClose: () => void
}

/**
 * Fields that are edited together and saved together. It guards what is not saved, shows refusals where they belong, and says
 * what somebody else has changed meanwhile. `stored` is what the console holds at present.
 */
export function EditForm({
  stored,
  defaults = noDefaults,
  check,
  confirm,
  save,
  lastChange,
  once,
  children
}: {
  stored: StoredFields
  /** Of the fields that can be put back to one. */
  defaults?: Readonly<Record<string, unknown>>
  check: CheckField
  /** Asks before grave changes; false keeps them unsaved. */
  confirm?: (changes: Record<string, unknown>) => Promise<boolean>
  /**
   * Throws what the console refuses; `details: { [field]: reason }` goes to the fields. `expected` holds the changed fields as
   * the person last saw them.
   */
  save: (changes: Record<string, unknown>, expected: Record<string, unknown>) => Promise<Saved | void>
  /** Of a field that somebody else has changed meanwhile, where the console can tell. */
  lastChange?: (name: string, value: unknown) => FieldChange | undefined
  /** A form that is opened for one act and goes away with it. */
  once?: OnceOpened
  children: ReactNode
}) {
  const [edits, setEdits] = useState<Edits>({})
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [refusals, setRefusals] = useState<Readonly<Record<string, string>>>({})
  const [failure, setFailure] = useState<string | null>(null)
  const [isSaving, setSaving] = useState(false)
  const saving = useRef<Promise<boolean> | null>(null)
  const formId = useId()
  const element = useRef<HTMLFormElement>(null)
  const isOnce = once !== undefined
  useEffect(() => {
    if (isOnce) element.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [isOnce])

  const changes = changesOf(edits, stored)
  const names = Object.keys(changes)
  const isNew = once?.isNew === true
  const values = isNew ? allValuesOf(edits, stored) : changes
  const reasons = reasonsAgainst(values, check)
  const meanwhile = changedMeanwhile(edits, stored)
  const isDirty = names.length > 0
  const shownReasons = Object.keys({ ...reasons, ...refusals }).filter((name) => name in refusals || touched.has(name))

  const idOf = (name: string) => `${formId}-${name}`
  const focusField = (name: string | undefined) => {
    if (name !== undefined) document.getElementById(idOf(name))?.focus()
  }
  const sought = useSoughtField(stored, focusField)
  const discard = () => {
    setEdits({})
    setTouched(new Set())
    setRefusals({})
    setFailure(null)
  }
  const carryOut = async (): Promise<boolean> => {
    setFailure(null)
    if (confirm && !(await confirm(changes))) return false
    setSaving(true)
    try {
      const saved = await save(values, Object.fromEntries(names.map((name) => [name, stored[name]?.value])))
      discard()
      once?.onClose()
      showToast(saved?.text ?? t('form.saved'), saved?.undo, { isReplacing: true })
      return true
    } catch (error) {
      const atFields = refusalsAtFields(error, stored)
      setRefusals(atFields)
      const [first] = Object.keys(atFields)
      if (first === undefined) setFailure(problemText(error))
      else focusField(first)
      return false
    } finally {
      setSaving(false)
    }
  }
  const trySave = async (): Promise<boolean> => {
    if (!isDirty && !isNew) return true
    if (saving.current) return saving.current
    setTouched(new Set(Object.keys(values)))
    const wrong = Object.keys(stored).find((name) => name in reasons)
    if (wrong !== undefined) {
      focusField(wrong)
      return false
    }
    saving.current = carryOut().finally(() => (saving.current = null))
    return saving.current
  }

  const askToSave = (go: () => void) =>
    askBeforeLeaving({
      count: names.length,
      onSave: () => void trySave().then((isSaved) => isSaved && go()),
      onDiscard: () => {
        discard()
        go()
      }
    })
  useImperativeHandle(once?.closing, () => () => {
    if (!once || isSaving) return
    if (isDirty) askToSave(once.onClose)
    else once.onClose()
  })

  useCommand('form.save', () => void trySave(), isDirty || isNew)
  useCommand('form.discard', discard, isDirty)
  useGuard(isDirty, (go) => {
    // Being saved already: the window goes on once it is.
    if (saving.current) void saving.current.then((isSaved) => isSaved && go())
    else askToSave(go)
  })

  const form: FormState = {
    idOf,
    field(name) {
      const held = stored[name]
      if (!held) throw new Error(`this form has no field ${name}`)
      const edit = edits[name]
      const isDefault = edit ? edit.value === null : held.isDefault
      const reason = refusals[name] ?? (touched.has(name) ? reasons[name] : undefined)
      return {
        value: edit ? (edit.value ?? defaults[name]) : held.value,
        isDefault,
        isChanged: name in changes,
        canReset: !isDefault && name in defaults,
        isSought: name === sought,
        reason: reason === undefined ? undefined : asSentence(reason),
        meanwhile: meanwhile.includes(name) ? { value: held.value, change: lastChange?.(name, held.value) } : undefined,
        edit(value) {
          setEdits((before) => editField(before, stored, name, value))
          setRefusals((before) => withoutKey(before, name))
        },
        touch: () => setTouched((before) => (before.has(name) ? before : new Set([...before, name]))),
        takeTheirs: () => setEdits((before) => forget(before, name)),
        keepMine: () => setEdits((before) => keepMine(before, stored, name))
      }
    }
  }
  return (
    <FormContext value={form}>
      <form
        ref={element}
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (once && !isDirty && !isNew) once.onClose()
          else void trySave()
        }}
      >
        <div className={classes.fields}>{children}</div>
        {(isDirty || once) && (
          <SaveBar
            count={names.length}
            wrong={shownReasons.length}
            meanwhile={meanwhile.length}
            failure={failure}
            isSaving={isSaving}
            verb={once?.verb}
            hasKey={!isNew}
            onDiscard={discard}
            onCancel={once?.onClose}
          />
        )}
      </form>
    </FormContext>
  )
}

/** The field that the address leads to (`?field=NAME`), which gets the focus; null where it is none of this form. */
function useSoughtField(stored: StoredFields, focusField: (name: string) => void): string | null {
  const { field } = useRoute().params
  const sought = field !== undefined && field in stored ? field : null
  const focus = useEffectEvent(focusField)
  useEffect(() => {
    if (sought !== null) focus(sought)
  }, [sought])
  return sought
}

/** Keeps the window, the tab and the screen from going away with what is not saved. */
function useGuard(isDirty: boolean, ask: (go: () => void) => void): void {
  const askNow = useEffectEvent(ask)
  useEffect(() => {
    if (!isDirty) return undefined
    const end = guardLeaving((go) => askNow(go))
    const keep = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', keep)
    return () => {
      end()
      window.removeEventListener('beforeunload', keep)
    }
  }, [isDirty])
}

/** What of a refusal concerns a field that is on the screen. */
function refusalsAtFields(error: unknown, stored: StoredFields): Record<string, string> {
  const details = error instanceof CallError ? error.data.details : undefined
  if (typeof details !== 'object' || details === null) return {}
  const found = Object.entries(details).filter(
    (entry): entry is [string, string] => entry[0] in stored && typeof entry[1] === 'string'
  )
  return Object.fromEntries(found)
}

function withoutKey(record: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  if (!(name in record)) return record
  const { [name]: _, ...others } = record
  return others
}
