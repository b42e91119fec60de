import { Switch, TextInput } from '@mantine/core'
import { useId } from 'react'
import { FieldRow } from '../../components/form/FieldRow.tsx'
import { readWholeNumber } from '../../components/form/fields.tsx'
import { useField } from '../../components/form/form-context.ts'
import { t } from '../../words/index.ts'
import classes from './Codes.module.css'

/** The seed read to the letter: one wrong attempt ends the code. */
const firstLimit = 1

/** Off, or after how many wrong attempts. */
export function EndAfterField() {
  const field = useField('policy.codes.endAfterWrongAttempts')
  const isOn = field.value !== 'off'
  const numberId = useId()
  const noteId = useId()
  return (
    <FieldRow
      field={field}
      label={t('policy.codes.lock.endAfter')}
      show={(value) => (value === 'off' ? t('form.no') : String(value))}
    >
      <div className={classes.endAfter}>
        <Switch
          id={field.id}
          size="sm"
          withThumbIndicator={false}
          checked={isOn}
          label={<span aria-hidden>{t(isOn ? 'policy.codes.lock.endAfterOn' : 'policy.codes.lock.endAfterOff')}</span>}
          aria-labelledby={`${field.id}-label`}
          aria-describedby={isOn ? noteId : undefined}
          onChange={(event) => field.edit(event.currentTarget.checked ? firstLimit : 'off')}
        />
        {isOn && (
          <>
            <TextInput
              id={numberId}
              aria-label={t('policy.codes.lock.endAfterNumber')}
              className={classes.endAfterNumber}
              inputMode="numeric"
              autoComplete="off"
              value={String(field.value)}
              error={field.reason !== undefined}
              onChange={(event) => field.edit(readWholeNumber(event.currentTarget.value))}
              onBlur={field.touch}
            />
            <span aria-hidden>{t('policy.codes.lock.endAfterUnit')}</span>
          </>
        )}
      </div>
      {isOn && (
        <p id={noteId} className={classes.note} data-wrong={field.reason !== undefined || undefined}>
          {field.reason ?? t('policy.codes.lock.endAfterWarning')}
        </p>
      )}
    </FieldRow>
  )
}
