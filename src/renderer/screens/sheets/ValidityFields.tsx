import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CodeLife } from '../../../shared/code.ts'
import { mostValidityMs } from '../../../shared/settings.ts'
import { useNowMs } from '../../components/now.ts'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { timeZone } from '../../words/time.ts'
import { codeLifeOf, toDateField, validities, type Validity } from '../users/code-life.ts'
import classes from './Sheets.module.css'

/** How long the codes of a sheet live. Null is told while the chosen time cannot be taken. */
export function ValidityFields({ onChange }: { onChange: (life: CodeLife | null) => void }) {
  const [validity, setValidity] = useState<Validity>('default')
  const [until, setUntil] = useState(() => toDateField(Date.now() + 7 * 86_400_000))
  const { data: settings } = useQuery(queries.settings)
  const nowMs = useNowMs()
  const usual = settings?.find(({ key }) => key === 'policy.selfReset.sheetValidity')?.value
  const choose = (chosen: Validity, time: string) => {
    setValidity(chosen)
    setUntil(time)
    onChange(codeLifeOf(chosen, time, Date.now()))
  }
  const labels: Record<Validity, string> = {
    default: t('sheets.validity.default', { span: typeof usual === 'string' ? usual : '…' }),
    hour: t('user.code.validities.hour'),
    day: t('user.code.validities.day'),
    week: t('user.code.validities.week'),
    until: t('user.code.validities.until')
  }
  return (
    <div className={classes.row}>
      <Select
        className={classes.grow}
        label={t('user.code.validity')}
        data={validities.map((each) => ({ value: each, label: labels[each] }))}
        value={validity}
        onChange={(chosen) => choose(validities.find((each) => each === chosen) ?? 'default', until)}
        allowDeselect={false}
      />
      {validity === 'until' && (
        <TextInput
          className={classes.grow}
          type="datetime-local"
          label={t('user.code.until')}
          description={t('user.code.untilHint', { zone: timeZone })}
          error={codeLifeOf(validity, until, nowMs) === null && t('user.code.untilWrong')}
          value={until}
          min={toDateField(nowMs)}
          max={toDateField(nowMs + mostValidityMs)}
          onChange={(event) => choose(validity, event.currentTarget.value)}
        />
      )}
    </div>
  )
}
