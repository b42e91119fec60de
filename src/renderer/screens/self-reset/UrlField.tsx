import { Button, TextInput } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { bridge } from '../../bridge.ts'
import { FieldRow } from '../../components/form/FieldRow.tsx'
import { useField } from '../../components/form/form-context.ts'
import { showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { LinkTestResult } from '../troubleshooting/LinkTestResult.tsx'
import { useCheck } from '../troubleshooting/use-check.ts'
import { Example } from './Example.tsx'
import { exampleUrls, urlNames, type UrlName } from './examples.ts'
import { useBases, useSample } from './sample.ts'
import classes from './SelfReset.module.css'

/** One of the four URLs, with what comes of it, and a test that really asks for it. */
export function UrlField({ name }: { name: UrlName }) {
  const field = useField(`policy.selfReset.${name}`)
  const { check, start, stop, reset } = useCheck(bridge.diagnostics.testLink)
  const test = () => {
    if (field.isChanged) showToast(t('troubleshooting.link.unsaved'))
    else void start({ link: name })
  }
  const sample = useSample()
  const bases = useBases()
  const label = t(`policy.selfReset.urls.${name}`)
  const noteId = `${field.id}-note`
  const own = bases[name]
  // The picture's address holds the complete URL: while that one is being typed there is no example of this one.
  const complete = bases.completeUrl ?? (name === 'qrCodeUrl' ? null : '')
  const example =
    sample && own !== null && complete !== null
      ? exampleUrls({ provisioningUrl: own, settingsUrl: own, completeUrl: complete, qrCodeUrl: own }, sample)[name]
      : null
  return (
    <FieldRow
      field={{ ...field, canReset: false }}
      label={label}
      aside={
        <>
          <Button
            variant="default"
            disabled={field.isDefault}
            aria-label={t('policy.selfReset.urls.setDefaultNamed', { label })}
            onClick={() => {
              field.edit(null)
              document.getElementById(field.id)?.focus()
            }}
          >
            {t('policy.selfReset.urls.setDefault')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={15} aria-hidden />}
            disabled={check.state === 'running'}
            aria-label={t('troubleshooting.link.testNamed', { label })}
            onClick={test}
          >
            {t('troubleshooting.link.test')}
          </Button>
        </>
      }
    >
      <TextInput
        id={field.id}
        value={typeof field.value === 'string' ? field.value : ''}
        error={field.reason}
        inputWrapperOrder={['input', 'error']}
        classNames={{ input: classes.url }}
        type="url"
        dir="ltr"
        spellCheck={false}
        autoComplete="off"
        aria-describedby={noteId}
        onChange={(event) => field.edit(event.currentTarget.value)}
        onBlur={field.touch}
      />
      <div id={noteId} className={classes.note}>
        {t(field.isDefault ? 'policy.selfReset.urls.follows' : 'policy.selfReset.urls.byHand')}{' '}
        <KeywordNote keyword={`url${urlNames.indexOf(name) + 1}`} />
      </div>
      {example !== null && <Example text={example} />}
      <LinkTestResult check={check} label={label} onAgain={test} onStop={stop} onClose={reset} />
    </FieldRow>
  )
}

function KeywordNote({ keyword }: { keyword: string }) {
  return t('policy.selfReset.urls.keyword', { keyword })
}
