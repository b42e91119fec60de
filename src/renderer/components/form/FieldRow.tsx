import { Button } from '@mantine/core'
import { IconAlertTriangle, IconRestore } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { relativeTime } from '../../words/time.ts'
import { IconButton } from '../IconButton.tsx'
import { useNowMs } from '../now.ts'
import classes from './form.module.css'
import type { FormField } from './form-context.ts'

/** How a value is written in a sentence. */
export type ShowValue = (value: unknown) => string

/** Label, control, and what there is to say of the field. */
export function FieldRow({
  field,
  label,
  show = String,
  aside,
  children
}: {
  field: FormField & { id: string }
  label: string
  show?: ShowValue
  /** Beside the control, such as a button that tries the value. */
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={classes.row} data-sought={field.isSought || undefined}>
      <label htmlFor={field.id} id={`${field.id}-label`} className={classes.label}>
        {label}
      </label>
      <div className={classes.control}>
        {children}
        {field.meanwhile && <Meanwhile field={field} label={label} show={show} />}
      </div>
      <div className={classes.aside}>
        {aside}
        {field.canReset && (
          <IconButton
            icon={IconRestore}
            label={t('form.reset', { label })}
            onClick={() => {
              field.edit(null)
              document.getElementById(field.id)?.focus()
            }}
          />
        )}
      </div>
    </div>
  )
}

function meanwhileText({ meanwhile }: FormField, show: ShowValue, nowMs: number): string {
  const shown = show(meanwhile?.value)
  const value = shown === '' ? t('form.nothing') : isolate(shown)
  const change = meanwhile?.change
  if (!change) return t('form.meanwhile', { value })
  const when = relativeTime(change.atMs, nowMs)
  return t('form.meanwhileBy', { value, actor: isolate(change.actor), when })
}

function Meanwhile({ field, label, show }: { field: FormField; label: string; show: ShowValue }) {
  const nowMs = useNowMs()
  return (
    <div className={classes.meanwhile}>
      <IconAlertTriangle size={15} aria-hidden />
      <span>{meanwhileText(field, show, nowMs)}</span>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('form.takeTheirsNamed', { label })}
        onClick={field.takeTheirs}
      >
        {t('form.takeTheirs')}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('form.keepMineNamed', { label })}
        onClick={field.keepMine}
      >
        {t('form.keepMine')}
      </Button>
    </div>
  )
}
