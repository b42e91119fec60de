import type { MailPlan } from '../../../../shared/mail.ts'
import { ToMeFirst } from '../../../mail/ToMeFirst.tsx'
import { t } from '../../../words/index.ts'
import { briefTime, spanWords } from '../../../words/time.ts'
import { previewRequestOf, type MailingRequest } from './email-plan.ts'
import classes from './Email.module.css'

/** What will happen, in words, and the same mail to oneself before. */
export function SendStep({ plan, request }: { plan: MailPlan; request: MailingRequest }) {
  const { recipients, liveCodes, validForMs, untilMs } = plan
  const when = request.atMs === undefined ? t('mail.send.now') : t('mail.send.at', { at: briefTime(request.atMs) })
  return (
    <div className={classes.send}>
      <section>
        <h3 className={classes.heading}>{t('mail.send.summary')}</h3>
        <ul className={classes.sentences}>
          <li>{t('mail.send.mails', { count: recipients, when })}</li>
          {validForMs !== null && <li>{t('mail.send.life', { span: spanWords(validForMs) })}</li>}
          {untilMs !== null && <li>{t('mail.send.until', { until: briefTime(untilMs) })}</li>}
          {liveCodes > 0 && <li>{t('mail.send.ends', { count: liveCodes })}</li>}
          <li>{t('mail.send.follow')}</li>
        </ul>
      </section>
      <section>
        <h3 className={classes.heading}>{t('mail.send.toMe')}</h3>
        <p className={classes.note}>{t('mail.send.toMeText')}</p>
        <ToMeFirst request={previewRequestOf(request, plan.firstUsername)} />
      </section>
    </div>
  )
}
