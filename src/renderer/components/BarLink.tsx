import type { ReactNode } from 'react'
import { formatRoute, type Route } from '../routes.ts'
import classes from './BarLink.module.css'

/** One of the parts of a screen, in the bar above them. */
export function BarLink({ to, isCurrent, children }: { to: Route; isCurrent: boolean; children: ReactNode }) {
  return (
    <a href={formatRoute(to)} className={classes.link} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </a>
  )
}
