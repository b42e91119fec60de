import { codeAlphabets, type SettingKey } from '../../../shared/settings.ts'
import { DurationField } from '../../components/form/DurationField.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SettingsForm } from '../../components/form/SettingsForm.tsx'
import { ChoiceField, LinesField, NumberField, SwitchField } from '../../components/form/fields.tsx'
import { t } from '../../words/index.ts'
import { AddressLimitNote } from './AddressLimitNote.tsx'
import { EndAfterField } from './EndAfterField.tsx'
import { LockSection } from './LockSection.tsx'
import { StrengthMeasure } from './StrengthMeasure.tsx'
import { reasonAgainstNetworks } from './networks.ts'

const keys: readonly SettingKey[] = [
  'policy.codes.alphabet',
  'policy.codes.length',
  'policy.codes.wrongAttempts',
  'policy.codes.firstLock',
  'policy.codes.longestLock',
  'policy.codes.endAfterWrongAttempts',
  'policy.codes.perAddressPerMinute',
  'policy.codes.trustedNetworks',
  'policy.hideUnknownUsers'
]

const checks = { 'policy.codes.trustedNetworks': reasonAgainstNetworks }

export function CodesScreen() {
  return (
    <SettingsForm keys={keys} checks={checks}>
      <FormSection title={t('policy.codes.code.title')} text={t('policy.codes.code.text')}>
        <ChoiceField
          name="policy.codes.alphabet"
          label={t('policy.codes.code.alphabet')}
          choices={codeAlphabets.map((value) => ({ value, label: t(`policy.codes.code.alphabets.${value}`) }))}
        />
        <NumberField
          name="policy.codes.length"
          label={t('policy.codes.code.length')}
          unit={t('policy.codes.code.lengthUnit')}
        />
        <StrengthMeasure />
      </FormSection>
      <LockSection>
        <NumberField name="policy.codes.wrongAttempts" label={t('policy.codes.lock.wrongAttempts')} />
        <DurationField name="policy.codes.firstLock" label={t('policy.codes.lock.firstLock')} />
        <DurationField name="policy.codes.longestLock" label={t('policy.codes.lock.longestLock')} />
        <EndAfterField />
      </LockSection>
      <FormSection title={t('policy.codes.address.title')} text={t('policy.codes.address.text')}>
        <NumberField
          name="policy.codes.perAddressPerMinute"
          label={t('policy.codes.address.perMinute')}
          note={<AddressLimitNote />}
        />
        <LinesField
          name="policy.codes.trustedNetworks"
          label={t('policy.codes.address.trusted')}
          note={t('policy.codes.address.trustedNote')}
          placeholder={'192.0.2.0/24\n2001:db8::/32'}
        />
      </FormSection>
      <FormSection title={t('policy.codes.unknown.title')}>
        <SwitchField
          name="policy.hideUnknownUsers"
          label={t('policy.codes.unknown.hide')}
          note={t('policy.codes.unknown.hideNote')}
        />
      </FormSection>
    </SettingsForm>
  )
}
