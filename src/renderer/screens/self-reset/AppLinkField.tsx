import { settingSchemas } from '../../../shared/settings.ts'
import { TextField } from '../../components/form/fields.tsx'
import { useField } from '../../components/form/form-context.ts'
import { t } from '../../words/index.ts'
import { Example } from './Example.tsx'
import { exampleAppLink } from './examples.ts'
import { useBases, useSample } from './sample.ts'
import classes from './SelfReset.module.css'

const name = 'policy.selfReset.appLink'

export function AppLinkField() {
  const { value } = useField(name)
  const sample = useSample()
  const { completeUrl } = useBases()
  const parsed = settingSchemas[name].safeParse(value)
  const example =
    parsed.success && sample && completeUrl !== null ? exampleAppLink(parsed.data, completeUrl, sample) : null
  return (
    <>
      <TextField
        name={name}
        label={t('policy.selfReset.app.link')}
        // Braces in a catalogue's text are its own.
        note={t('policy.selfReset.app.note', { placeholder: '{url3}' })}
        isCode
      />
      {example !== null && (
        <div className={classes.below}>
          <Example text={example} />
        </div>
      )}
    </>
  )
}
