import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/*.test.ts', 'test/{main,shared,renderer,bench}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/support/fixed-seed.ts'],
    pool: 'forks',
    // One for each core: much of the time a test waits for a program that it started or for the disk.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
