import { IconAlertTriangle, IconBulb, IconCircleCheck, IconCircleX, type Icon } from '@tabler/icons-react'
import type { Cause } from '../../../shared/diagnostics.ts'
import { t } from '../../words/index.ts'
import { CureView } from './CureView.tsx'
import classes from './Checks.module.css'

const looks: Record<Cause['weight'] | 'alsoFault' | 'nothing', { icon: Icon; tone: string }> = {
  fault: { icon: IconCircleX, tone: 'red' },
  alsoFault: { icon: IconCircleX, tone: 'red' },
  suspicion: { icon: IconAlertTriangle, tone: 'amber' },
  advice: { icon: IconBulb, tone: 'blue' },
  nothing: { icon: IconCircleCheck, tone: 'green' }
}

/** What was found, the most likely first. With `isAdviceAll` the first says that nothing wrong was found. */
export function CauseList({
  causes,
  isAdviceAll = false,
  onMended
}: {
  causes: readonly Cause[]
  isAdviceAll?: boolean
  /** Something was mended right here, so that it is worth while to check again. */
  onMended: () => void
}) {
  const [first, ...others] = causes
  if (!first) return null
  return (
    <>
      <CauseView cause={first} heading={isAdviceAll ? 'nothing' : first.weight} isFirst onMended={onMended} />
      {others.length > 0 && (
        <>
          <h2 className={classes.others}>{t('troubleshooting.finding.others')}</h2>
          {others.map((cause, index) => (
            <CauseView
              key={`${cause.id} ${cause.sentence}`}
              cause={cause}
              heading={cause.weight === 'fault' ? 'alsoFault' : cause.weight}
              hasButton={!causes.slice(0, index + 1).some((earlier) => isSameCure(earlier, cause))}
              onMended={onMended}
            />
          ))}
        </>
      )}
    </>
  )
}

/** One button is enough for what is mended in the same way. */
function isSameCure(one: Cause, other: Cause): boolean {
  return JSON.stringify(one.cure) === JSON.stringify(other.cure)
}

function CauseView({
  cause: { sentence, evidence, cure },
  heading,
  isFirst = false,
  hasButton = true,
  onMended
}: {
  cause: Cause
  heading: keyof typeof looks
  isFirst?: boolean
  hasButton?: boolean
  onMended: () => void
}) {
  const { icon: CauseIcon, tone } = looks[heading]
  const Heading = isFirst ? 'h2' : 'h3'
  return (
    <article className={classes.cause} data-tone={tone} data-first={isFirst || undefined}>
      <Heading className={classes.causeHead}>
        <CauseIcon size={isFirst ? 18 : 16} aria-hidden />
        {t(`troubleshooting.finding.${heading}`)}
      </Heading>
      <p className={classes.sentence}>{sentence}</p>
      {evidence.length > 0 && (
        <ul className={classes.evidence}>
          {evidence.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {hasButton && <CureView cure={cure} isFirst={isFirst} onMended={onMended} />}
    </article>
  )
}
