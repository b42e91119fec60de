import type { SettingKey } from '../../../shared/settings.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SettingsForm } from '../../components/form/SettingsForm.tsx'
import { SwitchField } from '../../components/form/fields.tsx'
import { t } from '../../words/index.ts'

const switches = ['allowPinEntry', 'allowOtcExtractionChoice', 'allowStringBrowsing'] as const
const keys: readonly SettingKey[] = switches.map((each) => `policy.mobileClient.${each}` as const)

export function MobileClientScreen() {
  return (
    <SettingsForm keys={keys}>
      <FormSection title={t('policy.mobileClient.group')} text={t('policy.mobileClient.text')}>
        {switches.map((each) => (
          <SwitchField
            key={each}
            name={`policy.mobileClient.${each}`}
            label={t(`policy.mobileClient.${each}`)}
            note={t(`policy.mobileClient.${each}Note`)}
          />
        ))}
      </FormSection>
    </SettingsForm>
  )
}
