import type { AuditFilter } from '../../../shared/audit.ts'
import { ask, bridge } from '../../bridge.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { fileDate, saveAsFile } from '../../save-file.ts'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'

const types = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const

/** Hands over everything that the filter leaves, as a file. */
export async function exportLog(filter: AuditFilter, format: 'csv' | 'json'): Promise<void> {
  try {
    const { content, entries } = await runTask(t('logScreen.export.running'), (taskId) =>
      ask(bridge.log.export({ filter, format, taskId }))
    )
    saveAsFile(`log-${fileDate()}.${format}`, new Blob([new Uint8Array(content)], { type: types[format] }))
    showToast(t('logScreen.export.done', { count: entries }))
  } catch (error) {
    showProblem(error)
  }
}
