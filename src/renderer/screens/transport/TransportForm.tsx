import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import {
  defaultTransportName,
  qrImageWays,
  transportAuthentications,
  transportDefaults,
  transportSecurities,
  type QrImageWay,
  type Transport,
  type TransportField,
  type TransportSecretField
} from '../../../shared/transport.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { EditForm, type Saved } from '../../components/form/EditForm.tsx'
import { ChoiceField, NumberField, SwitchField, TextField } from '../../components/form/fields.tsx'
import { useField, useForm } from '../../components/form/form-context.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { fieldLabel } from './field-labels.ts'
import { hasOtherTarget, reasonAgainstField, storedFieldsOf, transportChangeOf } from './transport-draft.ts'
import { transportsQuery } from './transport-queries.ts'
import { showPlace } from './transport-route.ts'
import { TryTransport } from './TryTransport.tsx'
import classes from './Transport.module.css'

/** Everything about one transport. Its secrets go in and never come out. */
export function TransportForm({ transport }: { transport: Transport }) {
  const { name } = transport
  const save = async (changes: Record<string, unknown>): Promise<Saved> => {
    await ask(bridge.transports.set({ name, change: transportChangeOf(changes) }))
    await queryClient.invalidateQueries({ queryKey: transportsQuery.queryKey })
    return {}
  }
  return (
    <div className={classes.form}>
      <EditForm stored={storedFieldsOf(transport)} defaults={transportDefaults} check={reasonAgainstField} save={save}>
        <Heading transport={transport} />
        <FormSection title={t('transport.sections.server')}>
          <Text name="host" isCode placeholder="smtp.example.com" />
          <NumberField name="port" label={t('transport.fields.port')} />
          <Security />
          <Text name="caFile" isCode note={t('transport.notes.caFile')} />
          <Text name="ehloName" isCode note={t('transport.notes.ehloName')} />
        </FormSection>
        <FormSection title={t('transport.sections.signIn')}>
          <SignIn transport={transport} />
        </FormSection>
        <FormSection title={t('transport.sections.mail')}>
          <Text name="sender" note={t('transport.notes.sender')} />
          <Text name="replyTo" note={t('transport.notes.replyTo')} />
          <HtmlAndPicture />
        </FormSection>
        <FormSection title={t('transport.sections.pace')}>
          <NumberField
            name="connections"
            label={t('transport.fields.connections')}
            note={t('transport.notes.connections')}
          />
          <NumberField
            name="ratePerMinute"
            label={t('transport.fields.ratePerMinute')}
            note={t('transport.notes.ratePerMinute')}
            unit={t('transport.units.rate')}
          />
        </FormSection>
        <TryTransport transport={transport} />
      </EditForm>
    </div>
  )
}

function Text({
  name,
  note,
  isCode = false,
  placeholder
}: {
  name: TransportField
  note?: string
  isCode?: boolean
  placeholder?: string
}) {
  return (
    <TextField
      name={name}
      label={fieldLabel(name)}
      isCode={isCode}
      {...(note !== undefined && { note })}
      {...(placeholder !== undefined && { placeholder })}
    />
  )
}

function Heading({ transport: { name, groups, missing } }: { transport: Transport }) {
  const isDefault = name === defaultTransportName
  const used = [isDefault ? t('transport.groupsDefault') : null, ...(isDefault ? [] : groups)].filter(
    (group) => group !== null
  )
  const remove = async () => {
    try {
      await ask(bridge.transports.remove({ name }))
      await queryClient.invalidateQueries({ queryKey: transportsQuery.queryKey })
      showPlace({ part: 'server', name: defaultTransportName })
      showToast(t('transport.removed', { name }))
    } catch (error) {
      showProblem(error)
    }
  }
  return (
    <div className={classes.heading}>
      <div className={classes.headingText}>
        <p className={classes.state} data-tone={missing.length > 0 ? 'amber' : 'green'}>
          {missing.length > 0
            ? t('transport.missing', { missing: missing.map(fieldLabel).join(', ').toLowerCase() })
            : t('transport.ready')}
        </p>
        <p className={classes.text}>
          {t('transport.groups')} {used.length > 0 ? used.join(', ') : t('transport.groupsNone')}.
        </p>
      </div>
      {!isDefault && (
        <Button
          variant="subtle"
          color="danger"
          onClick={() =>
            confirmAct({
              title: t('transport.removeTitle', { name }),
              text: t('transport.removeText'),
              verb: t('transport.removeVerb'),
              onConfirm: () => void remove()
            })
          }
        >
          {t('transport.remove')}
        </Button>
      )}
    </div>
  )
}

function Security() {
  const { value } = useField('security')
  return (
    <ChoiceField
      name="security"
      label={t('transport.fields.security')}
      note={
        value === 'none' ? (
          <span className={classes.warning}>{t('transport.notes.insecure')}</span>
        ) : (
          t('transport.notes.security')
        )
      }
      choices={transportSecurities.map((each) => ({ value: each, label: t(`transport.securities.${each}`) }))}
    />
  )
}

function SignIn({ transport }: { transport: Transport }) {
  const { value } = useField('authentication')
  return (
    <>
      <ChoiceField
        name="authentication"
        label={t('transport.fields.authentication')}
        choices={transportAuthentications.map((each) => ({
          value: each,
          label: t(`transport.authentications.${each}`)
        }))}
      />
      {value !== 'none' && <Text name="username" isCode />}
      {value === 'password' && <SecretField name="password" isKept={transport.hasPassword} transport={transport} />}
      {value === 'oauth2' && (
        <>
          <Text name="tenant" isCode note={t('transport.notes.tenant')} />
          <Text name="clientId" isCode />
          <SecretField name="clientSecret" isKept={transport.hasClientSecret} transport={transport} />
          <Text name="tokenUrl" isCode note={t('transport.notes.tokenUrl')} />
          <Text name="scope" isCode note={t('transport.notes.scope')} />
        </>
      )}
    </>
  )
}

/** What is typed replaces the kept value; the kept one is never shown. */
function SecretField({
  name,
  isKept,
  transport
}: {
  name: TransportSecretField
  isKept: boolean
  transport: Transport
}) {
  const form = useForm()
  const field = useField(name)
  const label = fieldLabel(name)
  const isRemoved = isKept && field.isDefault
  const isWantedAgain = isKept && hasOtherTarget(name, transport, (each) => form.field(each).value)
  return (
    <TextField
      name={name}
      label={label}
      type="password"
      autoComplete="new-password"
      isCode
      note={t(
        isRemoved
          ? 'transport.notes.secretRemoved'
          : isWantedAgain
            ? 'transport.notes.secretAgain'
            : isKept
              ? 'transport.notes.secretKept'
              : 'transport.notes.secretNone'
      )}
      aside={
        isKept &&
        !isRemoved && (
          <IconButton
            icon={IconTrash}
            label={t('transport.removeSecret', { label })}
            onClick={() => field.edit(null)}
          />
        )
      }
    />
  )
}

function HtmlAndPicture() {
  const isHtml = useField('html').value === true
  const way = useField('qrImage').value as QrImageWay
  return (
    <>
      <SwitchField name="html" label={t('transport.fields.html')} note={t('transport.notes.html')} />
      {isHtml && (
        <ChoiceField
          name="qrImage"
          label={t('transport.fields.qrImage')}
          note={t(`transport.qrImageNotes.${way}`)}
          choices={qrImageWays.map((each) => ({ value: each, label: t(`transport.qrImages.${each}`) }))}
        />
      )}
    </>
  )
}
