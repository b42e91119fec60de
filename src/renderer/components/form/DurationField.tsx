import { TextInput } from '@mantine/core'
import { parseDuration } from '../../../shared/duration.ts'
import { exactSpan } from '../../words/time.ts'
import { FieldRow } from './FieldRow.tsx'
import type { FieldProps } from './fields.tsx'
import { useField } from './form-context.ts'
import classes from './form.module.css'

/** A length of time as people write it (`24h`), with what it means beside it. */
export function DurationField({ name, label, note, aside }: FieldProps) {
  const field = useField(name)
  const text = typeof field.value === 'string' ? field.value : ''
  const durationMs = parseDuration(text)
  return (
    <FieldRow field={field} label={label} aside={aside}>
      <div className={classes.duration}>
        <TextInput
          id={field.id}
          value={text}
          error={field.reason}
          description={note}
          inputWrapperOrder={['input', 'error', 'description']}
          classNames={{ wrapper: classes.short }}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => field.edit(event.currentTarget.value)}
          onBlur={field.touch}
        />
        {durationMs !== null && durationMs > 0 && <span className={classes.meaning}>{exactSpan(durationMs)}</span>}
      </div>
    </FieldRow>
  )
}
