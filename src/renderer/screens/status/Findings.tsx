import { Button } from '@mantine/core'
import { IconAlertCircle, IconAlertTriangle, IconInfoCircle, type Icon } from '@tabler/icons-react'
import { useState } from 'react'
import type { StatusTodo } from '../../../shared/status.ts'
import { Badge, type Tone } from '../../components/StateBadge.tsx'
import { useNowMs } from '../../components/now.ts'
import { t } from '../../words/index.ts'
import { findingCures, findingText, findingTitle, type HowTo } from './finding-words.ts'
import { HowToDialog } from './HowToDialog.tsx'
import classes from './Status.module.css'

const looks: Record<StatusTodo['findings'][number]['weight'], { icon: Icon; tone: Tone }> = {
  fault: { icon: IconAlertTriangle, tone: 'red' },
  warning: { icon: IconAlertCircle, tone: 'amber' },
  advice: { icon: IconInfoCircle, tone: 'grey' }
}

/** What is wrong or soon will be, each with what mends it. */
export function Findings({ findings }: { findings: StatusTodo['findings'] }) {
  const [howTo, setHowTo] = useState<HowTo | null>(null)
  const nowMs = useNowMs()
  return (
    <section aria-labelledby="findings" className={classes.findingsSection}>
      <h2 id="findings" className={classes.heading}>
        {t('status.findings.title')}
      </h2>
      <ul className={classes.steps}>
        {findings.map((finding) => (
          <li key={'batchId' in finding ? `${finding.id} ${finding.batchId}` : finding.id} className={classes.finding}>
            <Badge {...looks[finding.weight]} word={t(`status.findings.weights.${finding.weight}`)} />
            <div className={classes.stepBody}>
              <h3 className={classes.stepTitle}>{findingTitle(finding, nowMs)}</h3>
              <p className={classes.stepText}>{findingText(finding)}</p>
            </div>
            <div className={classes.cures}>
              {findingCures(finding, setHowTo).map(({ label, run }) => (
                <Button key={label} variant="default" onClick={run}>
                  {label}
                </Button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      <HowToDialog about={howTo} onClose={() => setHowTo(null)} />
    </section>
  )
}
