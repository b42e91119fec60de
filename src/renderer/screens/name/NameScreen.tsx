import type { SettingKey } from '../../../shared/settings.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SettingsForm } from '../../components/form/SettingsForm.tsx'
import { NumberField, SwitchField, TextField } from '../../components/form/fields.tsx'
import { t } from '../../words/index.ts'
import { confirmServerChange } from './confirm-change.ts'
import { PublicAddress } from './PublicAddress.tsx'

const keys: readonly SettingKey[] = [
  'server.name',
  'server.siteId',
  'server.host',
  'server.port',
  'server.usesSsl',
  'server.connectionType'
]

export function NameScreen() {
  return (
    <SettingsForm keys={keys} confirm={confirmServerChange}>
      <FormSection title={t('server.identity.title')}>
        <TextField name="server.name" label={t('server.identity.name')} note={t('server.identity.nameNote')} />
        <NumberField name="server.siteId" label={t('server.identity.siteId')} note={t('server.identity.siteIdNote')} />
      </FormSection>
      <FormSection title={t('server.address.title')} text={t('server.address.text')}>
        <TextField name="server.host" label={t('server.address.host')} note={t('server.address.hostNote')} isCode />
        <NumberField name="server.port" label={t('server.address.port')} />
        <SwitchField name="server.usesSsl" label={t('server.address.usesSsl')} note={t('server.address.usesSslNote')} />
        <TextField
          name="server.connectionType"
          label={t('server.address.connectionType')}
          note={t('server.address.connectionTypeNote')}
          isCode
          isShort
        />
        <PublicAddress />
      </FormSection>
    </SettingsForm>
  )
}
