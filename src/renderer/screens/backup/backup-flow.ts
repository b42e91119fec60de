import { useSyncExternalStore } from 'react'
import { maxFileBytes, maxFileMib } from '../../../shared/file-limit.ts'
import type { BackupInspection, BackupReport, RestoreReport } from '../../../shared/backup.ts'
import { ask, bridge } from '../../bridge.ts'
import { showToast } from '../../components/toast.tsx'
import { queryClient } from '../../queries.ts'
import { fileDate, saveAsFile } from '../../save-file.ts'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'

export type MakeStep =
  | { kind: 'ready'; problem: unknown }
  | { kind: 'running'; taskId: string }
  | { kind: 'done'; report: BackupReport; name: string; content: Uint8Array }

export interface ChosenFile {
  name: string
  content: Uint8Array
}

export type RestoreStep =
  | { kind: 'choose'; problem: unknown }
  | { kind: 'open'; file: ChosenFile; isLooking: boolean; problem: unknown }
  | { kind: 'look'; file: ChosenFile; passphrase: string; inspection: BackupInspection; problem: unknown }
  | { kind: 'running'; file: ChosenFile; taskId: string }
  | { kind: 'done'; report: RestoreReport }

interface Flow {
  make: MakeStep
  restore: RestoreStep
}

const nothing: RestoreStep = { kind: 'choose', problem: null }

/** Outlives the screen: both acts go on while somebody looks at another one. */
let flow: Flow = { make: { kind: 'ready', problem: null }, restore: nothing }
const listeners = new Set<() => void>()

function setFlow(change: Partial<Flow>): void {
  flow = { ...flow, ...change }
  for (const listener of listeners) listener()
}

export function useBackupFlow(): Flow {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => flow
  )
}

export async function makeBackup(passphrase: string): Promise<void> {
  try {
    const { content, ...report } = await runTask(t('backup.make.running'), (taskId) => {
      setFlow({ make: { kind: 'running', taskId } })
      return ask(bridge.backup.create({ passphrase, taskId }))
    })
    const done = { kind: 'done', report, name: backupName(report.backup.serverName), content } as const
    setFlow({ make: done })
    saveBackup(done)
  } catch (problem) {
    setFlow({ make: { kind: 'ready', problem } })
  }
}

export function saveBackup({ name, content }: ChosenFile): void {
  saveAsFile(name, new Blob([new Uint8Array(content)], { type: 'application/octet-stream' }))
}

export function makeAnother(): void {
  setFlow({ make: { kind: 'ready', problem: null } })
}

/** The server's name and the day, in letters that every file system takes. */
export function backupName(serverName: string, at = new Date()): string {
  const name = serverName.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  return `${name === '' ? 'provision' : name.slice(0, 60)}-${fileDate(at)}.backup`
}

const mebibyte = 2 ** 20

/** A refusal by this window itself, before main was asked. */
export class BackupFileProblem extends Error {}

export async function chooseBackup(file: File): Promise<void> {
  try {
    const isUploaded = window.provisionDesktop === undefined
    if (isUploaded && file.size > maxFileBytes) {
      const size = Math.ceil(file.size / mebibyte)
      throw new BackupFileProblem(t('backup.restore.tooLarge', { size, most: maxFileMib }))
    }
    const content = await file.arrayBuffer().catch(() => {
      throw new BackupFileProblem(t('backup.restore.unreadable', { file: file.name }))
    })
    const chosen = { name: file.name, content: new Uint8Array(content) }
    setFlow({ restore: { kind: 'open', file: chosen, isLooking: false, problem: null } })
  } catch (problem) {
    setFlow({ restore: { kind: 'choose', problem } })
  }
}

export async function lookInside(file: ChosenFile, passphrase: string): Promise<void> {
  setFlow({ restore: { kind: 'open', file, isLooking: true, problem: null } })
  try {
    const inspection = await ask(bridge.backup.inspect({ content: file.content, passphrase }))
    setFlow({ restore: { kind: 'look', file, passphrase, inspection, problem: null } })
  } catch (problem) {
    setFlow({ restore: { kind: 'open', file, isLooking: false, problem } })
  }
}

export async function restoreBackup(step: Extract<RestoreStep, { kind: 'look' }>): Promise<void> {
  const { file, passphrase } = step
  try {
    const report = await runTask(t('backup.restore.running'), (taskId) => {
      setFlow({ restore: { kind: 'running', file, taskId } })
      return ask(bridge.backup.restore({ content: file.content, passphrase, taskId }))
    })
    setFlow({ restore: { kind: 'done', report } })
    showToast(t('backup.restore.doneToast'))
    // Nothing that was read before is what the server holds now.
    void queryClient.resetQueries()
  } catch (problem) {
    setFlow({ restore: { ...step, problem } })
  }
}

export function restoreAnother(): void {
  setFlow({ restore: nothing })
}
