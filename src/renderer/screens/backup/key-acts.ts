import type { CallInput } from '../../../shared/contract.ts'
import type { Desktop } from '../../../shared/desktop.ts'
import type { KeySlot } from '../../../shared/key.ts'
import { ask, bridge } from '../../bridge.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { slotName } from './backup-words.ts'

export async function addSlot(request: CallInput<'key:add'>): Promise<void> {
  try {
    await add(request)
  } catch (error) {
    showProblem(error)
  }
}

/** The desktop application asks where the file is to lie; a page has no say in it. */
export async function addKeyFile(desktop: Desktop): Promise<void> {
  try {
    const { slot } = await ask(desktop.addKeyFile())
    if (slot) showAdded(slot)
  } catch (error) {
    showProblem(error)
  }
}

async function add(request: CallInput<'key:add'>): Promise<void> {
  const slot = await ask(bridge.key.add(request))
  showAdded(slot)
}

function showAdded(slot: KeySlot): void {
  showToast(t('backup.keys.addedToast', { slot: slotName(slot) }))
}

export async function removeSlot(slot: KeySlot): Promise<void> {
  try {
    await ask(bridge.key.remove({ id: slot.id }))
    showToast(t('backup.keys.removed', { slot: slotName(slot) }))
  } catch (error) {
    showProblem(error)
  }
}
