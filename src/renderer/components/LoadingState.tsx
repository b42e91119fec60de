import { Skeleton, VisuallyHidden } from '@mantine/core'
import { t } from '../words/index.ts'
import classes from './states.module.css'

/** Grey lines in the place of what is coming; invisible at first, so that a quick answer does not flicker. */
export function LoadingState({ lines = 6 }: { lines?: number }) {
  return (
    <output className={classes.loading}>
      <VisuallyHidden>{t('app.loading')}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={12} mt={index === 0 ? 0 : 14} width={`${[72, 55, 64, 48][index % 4]}%`} />
      ))}
    </output>
  )
}
