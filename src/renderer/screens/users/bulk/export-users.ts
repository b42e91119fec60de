import type { UserSelection } from '../../../../shared/user.ts'
import { ask, bridge } from '../../../bridge.ts'
import { showProblem, showToast } from '../../../components/toast.tsx'
import { fileDate, saveCsv } from '../../../save-file.ts'
import { runTask } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'

/** Hands the users over as a CSV file that an import reads back. */
export async function exportUsers(selection: UserSelection): Promise<void> {
  try {
    const { content, users } = await runTask(t('users.export.running'), (taskId) =>
      ask(bridge.users.export({ selection, taskId }))
    )
    saveCsv(`${t('users.export.fileName')}-${fileDate()}.csv`, content)
    showToast(t('users.export.done', { count: users }))
  } catch (error) {
    showProblem(error)
  }
}
