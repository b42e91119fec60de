import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import {
  defaultUrls,
  isSettingKey,
  settingDefaults,
  settingSchemas,
  type SettingEntry,
  type SettingKey,
  type Settings
} from '../../../shared/settings.ts'
import { ask, bridge } from '../../bridge.ts'
import { queries, queryClient } from '../../queries.ts'
import { ErrorState } from '../ErrorState.tsx'
import { LoadingState } from '../LoadingState.tsx'
import { showProblem } from '../toast.tsx'
import type { StoredFields } from './draft.ts'
import { EditForm, type Saved } from './EditForm.tsx'

/** Some of the server's settings, edited and saved together. The fields inside are named by the settings' keys. */
export function SettingsForm({
  keys,
  checks,
  confirm,
  children
}: {
  keys: readonly SettingKey[]
  /** Of settings about which more can be said than their schema does: the reason as a clause, or null. */
  checks?: Partial<Record<SettingKey, (value: unknown) => string | null>>
  confirm?: (changes: Record<string, unknown>) => Promise<boolean>
  children: ReactNode
}) {
  const { data, error, refetch } = useQuery(queries.settings)
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />
  const all = valuesOf(data)
  const stored: StoredFields = Object.fromEntries(
    data
      .filter(({ key }) => isSettingKey(key) && keys.includes(key))
      .map(({ key, value, isDefault }) => [key, { value, isDefault }])
  )
  const check = (name: string, value: unknown) => {
    if (!isSettingKey(name) || value === null) return null
    return checks?.[name]?.(value) ?? reasonAgainstSetting(name, value)
  }
  return (
    <EditForm
      stored={stored}
      defaults={{ ...settingDefaults, ...defaultUrls(all) }}
      check={check}
      {...(confirm && { confirm })}
      save={(changes, expected) => saveSettings(changes, expected, data)}
    >
      {children}
    </EditForm>
  )
}

/** Why a value cannot be a setting's, as a clause; null where it can. */
export function reasonAgainstSetting(key: SettingKey, value: unknown): string | null {
  const parsed = settingSchemas[key].safeParse(value)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? '')
}

/** The settings by key. */
export function valuesOf(entries: readonly SettingEntry[]): Settings {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value])) as Settings
}

async function saveSettings(
  changes: Record<string, unknown>,
  expected: Record<string, unknown>,
  before: readonly SettingEntry[]
): Promise<Saved> {
  const after = await setSettings(changes, expected)
  const restored = before.filter(({ key }) => key in changes)
  const undo = async () => {
    try {
      await setSettings(
        Object.fromEntries(restored.map(({ key, value, isDefault }) => [key, isDefault ? null : value])),
        Object.fromEntries(after.filter(({ key }) => key in changes).map(({ key, value }) => [key, value]))
      )
    } catch (error) {
      showProblem(error)
    }
  }
  return { undo: () => void undo() }
}

async function setSettings(changes: Record<string, unknown>, expected: Record<string, unknown>) {
  try {
    const entries = await ask(bridge.settings.set({ changes, expected }))
    queryClient.setQueryData(queries.settings.queryKey, entries)
    return entries
  } catch (error) {
    // What was refused may have been changed by somebody else, which then has to show.
    void queryClient.invalidateQueries({ queryKey: queries.settings.queryKey })
    throw error
  }
}
