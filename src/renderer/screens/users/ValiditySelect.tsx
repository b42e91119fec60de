import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { validities, type Validity } from './code-life.ts'

export function ValiditySelect({
  value,
  onChange,
  label
}: {
  value: Validity
  onChange: (validity: Validity) => void
  /** Shown above the field; without one it is only read out. */
  label?: string
}) {
  const { data: settings } = useQuery(queries.settings)
  const usual = settings?.find(({ key }) => key === 'policy.selfReset.mailValidity')?.value
  const labels: Record<Validity, string> = {
    default: t('user.code.validities.default', { span: typeof usual === 'string' ? usual : '…' }),
    hour: t('user.code.validities.hour'),
    day: t('user.code.validities.day'),
    week: t('user.code.validities.week'),
    until: t('user.code.validities.until')
  }
  return (
    <Select
      {...(label === undefined ? { 'aria-label': t('user.code.validity'), w: 140 } : { label })}
      data={validities.map((each) => ({ value: each, label: labels[each] }))}
      value={value}
      onChange={(chosen) => onChange(validities.find((each) => each === chosen) ?? 'default')}
      allowDeselect={false}
    />
  )
}
