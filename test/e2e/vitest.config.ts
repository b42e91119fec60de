import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** The built application: in real Electron where there is one, and in Chromium. Much of the time a window is waited for. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
