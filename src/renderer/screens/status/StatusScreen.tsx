import { Button } from '@mantine/core'
import { IconCircleCheckFilled, IconLifebuoy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { runCommand } from '../../commands/registry.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { Checklist } from './Checklist.tsx'
import { CodesByDay } from './CodesByDay.tsx'
import { Figures } from './Figures.tsx'
import { Findings } from './Findings.tsx'
import { ServerFacts } from './ServerFacts.tsx'
import classes from './Status.module.css'

export function StatusScreen() {
  const status = useQuery(queries.status)
  const todo = useQuery(queries.statusTodo)
  const figures = useQuery(queries.statusFigures)
  const portal = useQuery(queries.portal)
  const parts = [status, todo, figures, portal]
  const broken = parts.find(({ data, error }) => data === undefined && error !== null)
  if (broken) {
    const retry = () => parts.forEach(({ refetch }) => void refetch())
    return <ErrorState error={broken.error} onRetry={retry} />
  }
  if (!status.data || !todo.data || !figures.data || !portal.data) return <LoadingState lines={10} />
  const { steps, findings } = todo.data
  const hasUsers = status.data.users > 0
  return (
    <div className={classes.screen}>
      {steps.length > 0 && <Checklist steps={steps} />}
      {findings.length > 0 && <Findings findings={findings} />}
      {steps.length + findings.length === 0 && (
        <div className={classes.allWell}>
          <IconCircleCheckFilled size={20} aria-hidden />
          <div>
            <h2 className={classes.stepTitle}>{t('status.allWell.title')}</h2>
            <p className={classes.stepText}>{t('status.allWell.text')}</p>
          </div>
        </div>
      )}
      {hasUsers && <CodesByDay days={figures.data.days} />}
      <div className={classes.columns}>
        <Figures status={status.data} />
        <div>
          <ServerFacts status={status.data} portal={portal.data} figures={figures.data} />
          <Button
            variant="subtle"
            size="compact-sm"
            className={classes.support}
            leftSection={<IconLifebuoy size={15} aria-hidden />}
            onClick={() => runCommand('support')}
          >
            {t('commands.support')}
          </Button>
        </div>
      </div>
    </div>
  )
}
