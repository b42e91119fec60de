import type { CallInput } from '../../../shared/contract.ts'
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

/** Throws what main says against the path, for the field. */
export async function addKeyFile(path: string): Promise<void> {
  await add({ kind: 'file', path })
}

async function add(request: CallInput<'key:add'>): Promise<void> {
  const slot = await ask(bridge.key.add(request))
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
