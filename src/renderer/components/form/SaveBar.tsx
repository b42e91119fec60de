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
  onDiscard
}: {
  count: number
  /** Fields that say what is wrong with them. */
  wrong: number
  /** Fields that somebody else has changed. */
  meanwhile: number
  failure: string | null
  isSaving: boolean
  onDiscard: () => void
}) {
  const trouble = failure ?? (wrong > 0 ? t('form.wrong', { count: wrong }) : null)
  const tone = trouble === null ? (meanwhile > 0 ? 'amber' : undefined) : 'red'
  return (
    <div className={classes.saveBar}>
      <output className={classes.saveState} data-tone={tone}>
        {tone === undefined ? <IconPencil size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
        <span>
          {trouble ?? t('form.unsaved', { count })}
          {meanwhile > 0 && ` ${t('form.meanwhileBar', { count: meanwhile })}`}
        </span>
      </output>
      <Button variant="subtle" color="gray" disabled={isSaving} onClick={onDiscard}>
        {t('form.discard')}
      </Button>
      <Button
        type="submit"
        loading={isSaving}
        aria-keyshortcuts={ariaShortcut('Mod+S')}
        rightSection={<Kbd className={classes.saveKey}>{formatShortcut('Mod+S')}</Kbd>}
      >
        {t('form.save')}
      </Button>
    </div>
  )
}
