import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { useSample } from './sample.ts'
import classes from './SelfReset.module.css'

export function UrlsText() {
  const sample = useSample()
  if (!sample) return null
  return (
    <p className={classes.sample}>
      {t('policy.selfReset.urls.exampleFor', { username: isolate(sample.username), code: sample.code })}
    </p>
  )
}
