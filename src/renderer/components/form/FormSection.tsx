import { useId, type ReactNode } from 'react'
import classes from './form.module.css'

/** Fields that belong together, under a heading. */
export function FormSection({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes.section}>
      <h2 id={id} tabIndex={-1} className={classes.heading}>
        {title}
      </h2>
      {text !== undefined && <p className={classes.text}>{text}</p>}
      {children}
    </section>
  )
}
