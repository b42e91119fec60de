import { Modal } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileImport } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useCommand } from '../../../commands/registry.ts'
import { showProblem, showToast } from '../../../components/toast.tsx'
import { useRoute } from '../../../routes.ts'
import { t } from '../../../words/index.ts'
import { asClause } from '../../../words/problems.ts'
import { isQuestion, openPicture } from '../../troubleshooting/picture-opening.ts'
import { troubleshootingScreen } from '../../troubleshooting/troubleshooting-route.ts'
import { ImportDialog } from './ImportDialog.tsx'
import { useImportFlow, type ImportStep } from './import-flow.ts'
import classes from './Import.module.css'

/** Takes files dropped anywhere on the window, passing pictures on, and holds the import while its dialog is closed. */
export function ImportHost() {
  const [isOpen, setOpen] = useState(false)
  const { step, restart, ...flow } = useImportFlow()
  const isRunning = step.kind === 'running'
  const isForPictures = useRoute().screen === troubleshootingScreen
  useCommand('users.import', () => setOpen(true))
  useEffect(() => {
    if (isOpen || !(step.kind === 'done' || step.kind === 'failed')) return
    announce(step)
    restart()
  }, [isOpen, step, restart])

  const close = () => {
    setOpen(false)
    if (!isRunning) restart()
  }
  const drop = ([file, ...others]: File[]) => {
    if (!file) return
    if (isQuestion(file)) {
      openPicture(file)
      if (others.length > 0) showToast(t('troubleshooting.qr.onePicture'))
      return
    }
    if (others.length > 0) return showToast(t('import.oneFile'))
    setOpen(true)
    void flow.choose(file)
  }
  return (
    <>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t('import.title')}
        size={760}
        classNames={{ body: classes.dialog }}
        closeOnClickOutside={step.kind === 'choose'}
      >
        <ImportDialog step={step} flow={flow} onClose={close} />
      </Modal>
      <Dropzone.FullScreen
        active={!isRunning}
        activateOnKeyboard={false}
        withinPortal={false}
        onDrop={drop}
        classNames={{ fullScreen: classes.drop, root: classes.dropRoot, inner: classes.dropInner }}
      >
        <Dropzone.Accept>
          <div className={classes.dropText}>
            <IconFileImport size={40} stroke={1.25} aria-hidden />
            {t(isForPictures ? 'troubleshooting.qr.drop' : 'import.drop')}
          </div>
        </Dropzone.Accept>
      </Dropzone.FullScreen>
    </>
  )
}

/** Tells of the end of an import whose dialog was closed meanwhile. */
function announce(step: Extract<ImportStep, { kind: 'done' | 'failed' }>): void {
  if (step.kind === 'failed') return showProblem(step.error)
  const { added, updated, disabled, stopped } = step.report
  const imported = t('import.done.toast', { count: added + updated })
  const done = disabled > 0 ? `${imported} ${t('users.bulk.disableDone', { count: disabled })}` : imported
  showToast(stopped === null ? done : `${done} ${t('import.done.stopped', { reason: asClause(stopped) })}`)
}
