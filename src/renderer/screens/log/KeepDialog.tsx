import { Button, Radio, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { parseDuration } from '../../../shared/duration.ts'
import { ask, bridge } from '../../bridge.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { asSentence } from '../../components/form/sentence.ts'
import { reasonAgainstSetting, valuesOf } from '../../components/form/SettingsForm.tsx'
import { showToast } from '../../components/toast.tsx'
import { queries, queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { exactSpan } from '../../words/time.ts'
import classes from './Log.module.css'

const key = 'policy.log.keep'
const everything = 'off'
const firstLimit = '365d'

/** For how long the log keeps its entries, with what it means that older ones go. */
export function KeepDialog({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(queries.settings)
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />
  return <KeepForm stored={valuesOf(data)[key]} onClose={onClose} />
}

function KeepForm({ stored, onClose }: { stored: string; onClose: () => void }) {
  // What somebody else saves meanwhile is not what was looked at here.
  const [before] = useState(stored)
  const [keep, setKeep] = useState(before)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSaving, setSaving] = useState(false)
  const isLimited = keep !== everything
  const reason = reasonAgainstSetting(key, keep)
  const keepMs = parseDuration(keep)
  const removesMore = isLimited && (keepMs ?? 0) < (parseDuration(before) ?? Number.POSITIVE_INFINITY)
  const save = async () => {
    setSaving(true)
    try {
      const entries = await ask(bridge.settings.set({ changes: { [key]: keep }, expected: { [key]: before } }))
      queryClient.setQueryData(queries.settings.queryKey, entries)
      showToast(t('logScreen.keep.saved'))
      onClose()
    } catch (error) {
      void queryClient.invalidateQueries({ queryKey: queries.settings.queryKey })
      setProblem(problemText(error))
      setSaving(false)
    }
  }
  return (
    <div className={classes.verify}>
      <Radio.Group
        value={isLimited ? 'limited' : everything}
        onChange={(value) => setKeep(value === everything ? everything : before === everything ? firstLimit : before)}
        label={t('logScreen.keep.label')}
      >
        <Radio mt={8} value={everything} label={t('logScreen.keep.everything')} data-autofocus />
        <Radio mt={8} value="limited" label={t('logScreen.keep.limited')} />
      </Radio.Group>
      {isLimited && (
        <>
          <TextInput
            mt={8}
            mb={12}
            ml={30}
            w={200}
            aria-label={t('logScreen.keep.duration')}
            value={keep}
            error={reason !== null && asSentence(reason)}
            description={reason === null && keepMs !== null ? exactSpan(keepMs) : t('logScreen.keep.example')}
            inputWrapperOrder={['input', 'error', 'description']}
            autoComplete="off"
            spellCheck={false}
            // “off” typed here would make the field go away.
            onChange={(event) => setKeep(event.currentTarget.value === everything ? '' : event.currentTarget.value)}
          />
          <p>{t('logScreen.keep.warning')}</p>
          <p className={classes.dim}>{t('logScreen.keep.proof')}</p>
        </>
      )}
      {problem !== null && (
        <div className={classes.verdict} data-tone="red" role="alert">
          {problem}
        </div>
      )}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          loading={isSaving}
          disabled={keep === before || (isLimited && reason !== null)}
          {...(removesMore && { color: 'danger' })}
          onClick={() => void save()}
        >
          {t(removesMore ? 'logScreen.keep.saveAndRemove' : 'logScreen.keep.save')}
        </Button>
      </div>
    </div>
  )
}
