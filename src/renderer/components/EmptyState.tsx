import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './states.module.css'

/** What stands where nothing is: what to do next. */
export function EmptyState({
  icon: StateIcon,
  title,
  text,
  children
}: {
  icon: Icon
  title: string
  text?: string
  children?: ReactNode
}) {
  return (
    <div className={classes.center}>
      <StateIcon size={36} stroke={1.25} className={classes.icon} aria-hidden />
      <h2 className={classes.title}>{title}</h2>
      {text !== undefined && <p className={classes.text}>{text}</p>}
      {children !== undefined && <div className={classes.actions}>{children}</div>}
    </div>
  )
}
