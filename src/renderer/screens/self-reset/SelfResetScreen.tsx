import type { SettingKey } from '../../../shared/settings.ts'
import { DurationField } from '../../components/form/DurationField.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SettingsForm } from '../../components/form/SettingsForm.tsx'
import { SwitchField } from '../../components/form/fields.tsx'
import { t } from '../../words/index.ts'
import { AppLinkField } from './AppLinkField.tsx'
import { urlNames } from './examples.ts'
import { SelfServiceNote } from './SelfServiceNote.tsx'
import { UrlField } from './UrlField.tsx'
import { UrlsText } from './UrlsText.tsx'

const keys: readonly SettingKey[] = [
  'policy.selfReset.mailValidity',
  'policy.selfReset.sheetValidity',
  'policy.selfReset.portalValidity',
  'policy.selfReset.selfService',
  'policy.selfReset.notifyProvisioned',
  'policy.selfReset.appLink',
  ...urlNames.map((name) => `policy.selfReset.${name}` as const)
]

export function SelfResetScreen() {
  return (
    <SettingsForm keys={keys}>
      <FormSection title={t('policy.selfReset.validity.title')} text={t('policy.selfReset.validity.text')}>
        <DurationField
          name="policy.selfReset.mailValidity"
          label={t('policy.selfReset.validity.mail')}
          note={t('policy.selfReset.validity.mailNote')}
        />
        <DurationField name="policy.selfReset.sheetValidity" label={t('policy.selfReset.validity.sheet')} />
        <DurationField name="policy.selfReset.portalValidity" label={t('policy.selfReset.validity.portal')} />
      </FormSection>
      <FormSection title={t('policy.selfReset.selfService.title')}>
        <SwitchField
          name="policy.selfReset.selfService"
          label={t('policy.selfReset.selfService.allow')}
          note={<SelfServiceNote />}
        />
      </FormSection>
      <FormSection title={t('policy.selfReset.notice.title')}>
        <SwitchField
          name="policy.selfReset.notifyProvisioned"
          label={t('policy.selfReset.notice.send')}
          note={t('policy.selfReset.notice.note')}
        />
      </FormSection>
      <FormSection title={t('policy.selfReset.urls.title')} text={t('policy.selfReset.urls.text')}>
        <UrlsText />
        {urlNames.map((name) => (
          <UrlField key={name} name={name} />
        ))}
      </FormSection>
      <FormSection title={t('policy.selfReset.app.title')}>
        <AppLinkField />
      </FormSection>
    </SettingsForm>
  )
}
