import { Button, Kbd } from '@mantine/core'
import { IconAlertTriangle, IconPencil } from '@tabler/icons-react'
import { ariaShortcut, formatShortcut } from '../../commands/shortcuts.ts'
import { t } from '../../words/index.ts'
import classes from './form.module.css'

/** Stands under a form while something is not saved. */
export function SaveBar({
  count,
  wrong,
  meanwhile,
  failure,
  isSaving,
  verb = t('form.save'),
  hasKey = true,
  onDiscard,
  onCancel
}: {
  count: number
  /** Fields that say what is wrong with them. */
  wrong: number
  /** Fields that somebody else has changed. */
  meanwhile: number
  failure: string | null
  isSaving: boolean
  verb?: string | undefined
  /** Keys belong to what lies under a dialog. */
  hasKey?: boolean
  onDiscard: () => void
  /** Of a form that is closed with it; such a bar stands there from the start. */
  onCancel?: (() => void) | undefined
}) {
  const trouble = failure ?? (wrong > 0 ? t('form.wrong', { count: wrong }) : null)
  const tone = trouble === null ? (meanwhile > 0 ? 'amber' : undefined) : 'red'
  return (
    <div className={classes.saveBar} data-save-bar>
      <output className={classes.saveState} data-tone={tone}>
        {tone !== undefined && <IconAlertTriangle size={15} aria-hidden />}
        {tone === undefined && !onCancel && <IconPencil size={15} aria-hidden />}
        <span>
          {trouble ?? (onCancel ? '' : t('form.unsaved', { count }))}
          {meanwhile > 0 && ` ${t('form.meanwhileBar', { count: meanwhile })}`}
        </span>
      </output>
      <Button variant="subtle" color="gray" disabled={isSaving} onClick={onCancel ?? onDiscard}>
        {t(onCancel ? 'actions.cancel' : 'form.discard')}
      </Button>
      <Button
        type="submit"
        loading={isSaving}
        {...(hasKey && {
          'aria-keyshortcuts': ariaShortcut('Mod+S'),
          rightSection: <Kbd className={classes.saveKey}>{formatShortcut('Mod+S')}</Kbd>
        })}
      >
        {verb}
      </Button>
    </div>
  )
}
