import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { maxFileBytes, maxFileMib } from '../../../../shared/file-limit.ts'
import type { ImportReading, ImportReport } from '../../../../shared/user.ts'
import { ask, bridge, CallError } from '../../../bridge.ts'
import { newTaskId, runTask } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'
import { mappingProblem, readingOf, type Mapping } from './mapping.ts'

type Delimiter = ImportReading['delimiter']

/** A file as it was chosen; `key` tells two choices apart, even of the same file. */
interface ChosenFile {
  key: number
  name: string
  content: Uint8Array
}

/** The file with what the administrator has decided about it. */
export interface Preparation {
  file: ChosenFile
  reading: ImportReading
  mapping: Mapping
  createGroups: boolean
  skipBad: boolean
  /** The group whose users are disabled where the file does not name them; empty until it is chosen, null for none. */
  disableMissing: string | null
}

export type ImportStep =
  | { kind: 'choose'; problem: unknown }
  | { kind: 'reading'; name: string }
  | { kind: 'prepare'; preparation: Preparation }
  | { kind: 'running'; preparation: Preparation; taskId: string }
  | { kind: 'done'; preparation: Preparation; report: ImportReport }
  | { kind: 'failed'; preparation: Preparation; error: unknown }

const megabyte = 1024 * 1024

let choices = 0

/** A refusal by this window itself, before the console was asked. */
export class FileProblem extends Error {}

/** The way from a file to its report; nothing is written before `run`. */
export function useImportFlow() {
  const [step, setStep] = useState<ImportStep>({ kind: 'choose', problem: null })

  const choose = async (file: File): Promise<void> => {
    setStep({ kind: 'reading', name: file.name })
    try {
      if (file.size > maxFileBytes) {
        const size = Math.ceil(file.size / megabyte)
        throw new FileProblem(t('import.tooLarge', { size, most: maxFileMib }))
      }
      const content = new Uint8Array(
        await file.arrayBuffer().catch(() => {
          throw new FileProblem(t('import.unreadable', { file: file.name }))
        })
      )
      const chosen = { key: ++choices, name: file.name, content }
      const reading = await readFile(chosen)
      setStep({
        kind: 'prepare',
        preparation: {
          file: chosen,
          reading,
          mapping: reading.mapping,
          createGroups: false,
          skipBad: false,
          disableMissing: null
        }
      })
    } catch (problem) {
      setStep({ kind: 'choose', problem })
    }
  }

  const separate = async (preparation: Preparation, delimiter: Delimiter): Promise<void> => {
    try {
      const reading = await readFile(preparation.file, delimiter)
      setStep({ kind: 'prepare', preparation: { ...preparation, reading, mapping: reading.mapping } })
    } catch (problem) {
      setStep({ kind: 'choose', problem })
    }
  }

  const run = async (preparation: Preparation): Promise<void> => {
    const { file, mapping, reading, createGroups, skipBad } = preparation
    try {
      const report = await runTask(t('import.task'), (taskId) => {
        setStep({ kind: 'running', preparation, taskId })
        const { delimiter } = reading
        return ask(
          bridge.users.import({
            content: file.content,
            mapping,
            delimiter,
            createGroups,
            skipBad,
            ...leaversOf(preparation),
            taskId
          })
        )
      })
      setStep({ kind: 'done', preparation, report })
    } catch (error) {
      setStep({ kind: 'failed', preparation, error })
    }
  }

  const restart = useCallback(() => setStep({ kind: 'choose', problem: null }), [])

  return {
    step,
    choose,
    separate,
    run,
    prepare: (preparation: Preparation) => setStep({ kind: 'prepare', preparation }),
    restart
  }
}

export type ImportFlow = Pick<ReturnType<typeof useImportFlow>, 'choose' | 'separate' | 'run' | 'prepare'>

/** A header that lacks something still says what is in the file: the administrator completes it. */
async function readFile({ content }: ChosenFile, delimiter?: Delimiter): Promise<ImportReading> {
  try {
    return await ask(bridge.users.readImport({ content, ...(delimiter && { delimiter }) }))
  } catch (error) {
    const reading = error instanceof CallError ? readingOf(error.data.details) : null
    if (reading === null) throw error
    return reading
  }
}

/** What an import would do, found out anew whenever the administrator decides something else. */
export function useTrial(preparation: Preparation) {
  const { file, reading, mapping, createGroups, disableMissing } = preparation
  return useQuery({
    queryKey: ['import', 'trial', file.key, reading.delimiter, mapping, createGroups, disableMissing],
    queryFn: async ({ signal }) => {
      const taskId = newTaskId()
      signal.addEventListener('abort', () => void bridge.tasks.cancel({ taskId }))
      const { delimiter } = reading
      return ask(
        bridge.users.import({
          content: file.content,
          mapping,
          delimiter,
          createGroups,
          ...leaversOf(preparation),
          dryRun: true,
          taskId
        })
      )
    },
    enabled: mappingProblem(mapping) === null,
    placeholderData: keepPreviousData,
    gcTime: 0
  })
}

function leaversOf({ disableMissing }: Preparation): { disableMissing?: string } {
  return disableMissing === null || disableMissing === '' ? {} : { disableMissing }
}
