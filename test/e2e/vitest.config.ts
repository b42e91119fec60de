import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { patienceMs } from './patience.ts'

/** The built application: in real Electron where there is one, and in Chromium. Much of the time a window is waited for. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(),
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: patienceMs } }
  }
})
