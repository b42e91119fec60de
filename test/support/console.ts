import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Act } from '../../src/main/system/operation.ts'
import type { Clock, Random } from '../../src/main/system/clock.ts'
import { openConsole, type Console } from '../../src/main/console.ts'
import type { KeySources } from '../../src/main/keys/key-sources.ts'
import type { Log } from '../../src/main/system/log.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(byMs: number): void
  set(toMs: number): void
}

export const testStartMs = Date.UTC(2026, 4, 4, 9, 0, 0)

export function createTestClock(startMs = testStartMs): TestClock {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance: (byMs) => void (nowMs += byMs),
    set: (toMs) => void (nowMs = toMs)
  }
}

/** A log that keeps what it is told. */
export function createTestLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const write = (level: string) => (message: string, fields?: object) => {
    lines.push(`${level} ${message} ${fields === undefined ? '' : JSON.stringify(fields)}`)
  }
  return { lines, info: write('info'), warn: write('warn'), error: write('error') }
}

/** A new empty folder that goes with the test. */
export function createTestFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const fileKeySources: KeySources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }

export interface TestConsole extends Console {
  clock: TestClock
  log: Log & { lines: string[] }
  /** A call as administrator `tester`; a refusal is thrown as the AppError it stands for. */
  call<Name extends CallName>(name: Name, input: CallInput<Name>, act?: Partial<Act>): Promise<CallOutput<Name>>
}

/** The real console over a real, new data folder, with a clock that the test owns. */
export async function openTestConsole(
  options: { folder?: string; clock?: TestClock; random?: Random } = {}
): Promise<TestConsole> {
  const clock = options.clock ?? createTestClock()
  const log = createTestLog()
  const opened = await openConsole({
    folder: options.folder ?? createTestFolder(),
    sources: fileKeySources,
    log,
    clock,
    ...(options.random && { random: options.random })
  })
  onTestFinished(() => opened.close())
  return {
    ...opened,
    clock,
    log,
    async call(name, input, act = {}) {
      const result = await opened.dispatch(name, input, { actor: 'tester', ...act, role: 'administrator' })
      if (!result.ok) throw new AppError(result.error.code, result.error.message, result.error.details)
      return result.value as CallOutput<typeof name>
    }
  }
}
