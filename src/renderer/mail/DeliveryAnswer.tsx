import type { Delivery } from '../../shared/transport.ts'
import { t } from '../words/index.ts'
import { problemText } from '../words/problems.ts'
import classes from './SendToAddress.module.css'

/** What the mail server said to one mail, or why it could not be asked. */
export function DeliveryAnswer({ delivery, error }: { delivery: Delivery | undefined; error: Error | null }) {
  return (
    <>
      {delivery && (
        <output className={classes.answer} data-tone={delivery.accepted ? 'green' : 'red'}>
          {t(delivery.accepted ? 'mail.send.accepted' : 'mail.send.refused', { response: delivery.response })}
        </output>
      )}
      {error && (
        <p className={classes.answer} data-tone="red" role="alert">
          {problemText(error)}
        </p>
      )}
    </>
  )
}
