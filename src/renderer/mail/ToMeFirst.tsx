import type { CallInput } from '../../shared/contract.ts'
import { ask, bridge } from '../bridge.ts'
import { t } from '../words/index.ts'
import { SendToAddress } from './SendToAddress.tsx'

/** Sends the mail of the preview, with its sample code, to the person at this desk. */
export function ToMeFirst({ request }: { request: CallInput<'mail:preview'> }) {
  return (
    <SendToAddress
      verb={t('mail.send.toMeButton')}
      label={t('mail.send.address')}
      onSend={(address) => ask(bridge.mail.toMe({ ...request, address }))}
    />
  )
}
