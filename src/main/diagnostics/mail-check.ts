import type { Cause } from '../../shared/diagnostics.ts'
import { defaultTransportName } from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import type { OutboxService } from '../outbox/outbox-service.ts'
import type { TemplateService } from '../mail/template-service.ts'
import { hasQrCode } from '../mail/template-rules.ts'
import type { TransportService } from '../mail/transport-service.ts'
import { utc } from './clock-check.ts'
import type { UserFacts } from './user-facts.ts'

export interface MailCheckParts {
  transports: TransportService
  templates: TemplateService
  outbox: OutboxService
}

export interface MailCheck {
  causes: Cause[]
  /** Whether the picture lies at the QR Code URL, so that a mail reader has to fetch it. */
  isLinked: boolean
}

/** Why no QR code shows in a user's mail, as far as the mail itself tells: address, transport, template. */
export async function checkMail(parts: MailCheckParts, facts: UserFacts | null, act: Act): Promise<MailCheck> {
  const name = facts?.group?.transport ?? defaultTransportName
  const transport = await parts.transports.show(name)
  const at = (field: string) => transportField(name, field)
  const causes: Cause[] = []
  const fault = (id: Cause['id'], sentence: string, evidence: string[], cure: Cause['cure']) =>
    causes.push({ id, weight: 'fault', sentence, evidence, cure })

  if (facts?.user?.email === '') {
    fault(
      'mail-no-address',
      `${facts.username} has no mail address, so no mail goes out. Enter one, or show the QR code here.`,
      [],
      { kind: 'user', act: 'open', username: facts.username }
    )
  }
  const mail = facts?.user ? await lastMail(parts.outbox, facts.user.username) : undefined
  const said = mail?.response ?? null
  const shown = mail ? [`The last mail was made ${utc(mail.createdAtMs)} and is ${mail.state}.`] : []
  if (transport.missing.length > 0) {
    fault(
      'transport-missing',
      `The transport “${name}” cannot send yet: ${transport.missing.join(', ')} not set.`,
      shown,
      at(transport.missing[0] ?? 'host')
    )
  } else {
    const failed = (await parts.transports.check(name, undefined, act)).find(({ outcome }) => outcome === 'failed')
    if (failed?.step === 'sender') {
      fault(
        'sender-refused',
        `The mail server refuses the sender of the transport “${name}”. Enter one that it accepts.`,
        [failed.message, ...shown],
        at('sender')
      )
    } else if (failed) {
      fault(
        'mail-server',
        `The mail server of the transport “${name}” does not take mails: ${failed.message}`,
        shown,
        at('host')
      )
    } else if (mail?.state === 'failed' && said !== null) {
      fault('mail-refused', `The mail server refused the last mail to ${facts?.username ?? ''}.`, [said, ...shown], {
        kind: 'user',
        act: 'open',
        username: facts?.username ?? ''
      })
    }
  }
  if (!transport.html) {
    fault(
      'html-off',
      `HTML is off in the transport “${name}”: its mails are text alone, and no picture can show. Turn HTML on.`,
      [],
      at('html')
    )
  }
  const template = await parts.templates.get('code', facts?.group?.name ?? null)
  if (!hasQrCode(template.html)) {
    fault(
      'template-without-code',
      'The template of the mail holds no url4, so no QR code is in it. Put <img src=url4> back in.',
      template.group === null ? [] : [`It is the template of the group ${template.group}.`],
      {
        kind: 'screen',
        screen: 'transport',
        item: template.group === null ? 'template:code' : `template:code:${template.group}`,
        field: null
      }
    )
  }
  return { causes, isLinked: transport.qrImage !== 'embedded' }
}

async function lastMail(outbox: OutboxService, username: string) {
  const [mail] = await outbox.messages({ username, limit: 1 })
  return mail
}

function transportField(item: string, field: string): Cause['cure'] {
  return { kind: 'screen', screen: 'transport', item, field }
}

/** What is left when the mail holds the picture itself. */
export const embeddedAdvice: Cause = {
  id: 'picture-blocked',
  weight: 'advice',
  sentence:
    'The picture travels inside the mail, so no mail reader needs to fetch it. If it does not show, the reader shows text alone: switch it to HTML, or open the link in the mail.',
  evidence: [],
  cure: transportField(defaultTransportName, 'html')
}
