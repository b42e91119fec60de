import { Modal } from '@mantine/core'
import { useState } from 'react'
import { CopyButton } from '../../components/CopyButton.tsx'
import { t } from '../../words/index.ts'
import type { HowTo } from './finding-words.ts'
import classes from './Status.module.css'

/** What has to be done outside the console, step by step, with the commands to copy. */
export function HowToDialog({ about, onClose }: { about: HowTo | null; onClose: () => void }) {
  // While the dialog fades away it still says what it said.
  const [shown, setShown] = useState(about)
  if (about !== null && about !== shown) setShown(about)
  return (
    <Modal
      opened={about !== null}
      onClose={onClose}
      title={shown === null ? '' : t(`status.howTo.${shown}.title`)}
      size={700}
    >
      {shown !== null && <Steps about={shown} />}
    </Modal>
  )
}

function Steps({ about }: { about: HowTo }) {
  const steps = t(`status.howTo.${about}.steps`, { returnObjects: true })
  return (
    <>
      <p className={classes.howToIntro}>{t(`status.howTo.${about}.intro`)}</p>
      <ol className={classes.howTo}>
        {steps.map(({ text, command }) => (
          <li key={text}>
            {text}
            <div className={classes.command}>
              <code>{command}</code>
              <CopyButton text={command} label={t('actions.copyNamed', { what: command })} />
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}
