import type { SettingKey } from '../../../shared/settings.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SettingsForm } from '../../components/form/SettingsForm.tsx'
import { LinesField, NumberField, SwitchField, TextField } from '../../components/form/fields.tsx'
import { t } from '../../words/index.ts'
import { reasonAgainstNetworks } from '../codes/networks.ts'
import { PresentCertificate } from './PresentCertificate.tsx'
import { PresentState } from './PresentState.tsx'
import { RequestLog } from './RequestLog.tsx'

const keys: readonly SettingKey[] = [
  'portal.enabled',
  'portal.address',
  'portal.port',
  'portal.tls',
  'portal.certificateFile',
  'portal.keyFile',
  'portal.trustedProxies'
]

const checks = { 'portal.trustedProxies': reasonAgainstNetworks }

export function PortalScreen() {
  return (
    <SettingsForm keys={keys} checks={checks}>
      <PresentState />
      <FormSection title={t('portal.listen.title')}>
        <SwitchField name="portal.enabled" label={t('portal.listen.enabled')} note={t('portal.listen.enabledNote')} />
        <TextField
          name="portal.address"
          label={t('portal.listen.address')}
          note={t('portal.listen.addressNote')}
          isCode
        />
        <NumberField name="portal.port" label={t('portal.listen.port')} />
      </FormSection>
      <FormSection title={t('portal.certificate.title')} text={t('portal.certificate.text')}>
        <SwitchField name="portal.tls" label={t('portal.certificate.tls')} />
        <TextField
          name="portal.certificateFile"
          label={t('portal.certificate.certificateFile')}
          note={t('portal.certificate.certificateFileNote')}
          isCode
        />
        <TextField
          name="portal.keyFile"
          label={t('portal.certificate.keyFile')}
          note={t('portal.certificate.keyFileNote')}
          isCode
        />
        <PresentCertificate />
      </FormSection>
      <FormSection title={t('portal.proxies.title')} text={t('portal.proxies.text')}>
        <LinesField
          name="portal.trustedProxies"
          label={t('portal.proxies.trusted')}
          note={t('portal.proxies.trustedNote')}
          placeholder="192.0.2.10"
        />
      </FormSection>
      <RequestLog />
    </SettingsForm>
  )
}
