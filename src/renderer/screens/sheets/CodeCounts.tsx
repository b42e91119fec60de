import { codeStates } from '../../../shared/user.ts'
import type { SheetEntry } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import classes from './Sheets.module.css'

/** What became of a sheet's codes: a bar, and the same in words. */
export function CodeCounts({ codes }: { codes: SheetEntry['codes'] }) {
  const counted = codeStates.filter((state) => codes[state] > 0)
  const total = counted.reduce((sum, state) => sum + codes[state], 0)
  const shares = counted.map((state, index) => ({
    state,
    x: (counted.slice(0, index).reduce((sum, before) => sum + codes[before], 0) / total) * 100,
    width: (codes[state] / total) * 100
  }))
  return (
    <span className={classes.counts}>
      <svg className={classes.countBar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        {shares.map(({ state, x, width }) => (
          <rect key={state} data-state={state} x={x} width={width} height={8} />
        ))}
      </svg>
      <span>
        {counted
          .map((state) => t('sheets.codesIn', { count: codes[state], state: t(`states.code.${state}`) }))
          .join(', ')}
      </span>
    </span>
  )
}
