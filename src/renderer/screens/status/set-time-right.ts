import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { briefTime } from '../../words/time.ts'

/** Shows both times and what would end, and then does it. */
export async function askToSetTimeRight(onDone?: () => void): Promise<void> {
  try {
    const { nowMs, clockMs, liveCodes, liveLinks } = await ask(bridge.time.get({}))
    confirmAct({
      title: t('status.setTimeRight.title'),
      text: t('status.setTimeRight.text', {
        now: briefTime(nowMs),
        clock: briefTime(clockMs),
        codes: t('status.setTimeRight.codes', { count: liveCodes }),
        links: t('status.setTimeRight.links', { count: liveLinks })
      }),
      verb: t('status.setTimeRight.verb'),
      onConfirm: () => void setTimeRight(onDone)
    })
  } catch (error) {
    showProblem(error)
  }
}

async function setTimeRight(onDone?: () => void): Promise<void> {
  try {
    const { toMs, withdrawnCodes } = await ask(bridge.time.setRight({}))
    showToast(
      t('status.setTimeRight.done', {
        time: briefTime(toMs),
        codes: t('status.setTimeRight.codes', { count: withdrawnCodes })
      })
    )
    onDone?.()
  } catch (error) {
    showProblem(error)
  }
}
