import { t } from '../../words/index.ts'
import classes from './SelfReset.module.css'

/** What comes of a base; it wraps, so that all of it is seen. */
export function Example({ text }: { text: string }) {
  return (
    <div className={classes.example}>
      <span>{t('policy.selfReset.urls.example')}</span>
      <bdi dir="ltr">{text}</bdi>
    </div>
  )
}
