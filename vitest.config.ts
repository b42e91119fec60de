import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/*.test.ts', 'test/{main,shared,renderer,bench}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/support/fixed-seed.ts'],
    pool: 'forks',
    // One for each core: much of the time a test waits for a program that it started or for the disk.
    maxWorkers: availableParallelism(),
    // A test waits for what it is about, never for a time; these end one that waits for what never comes, on a busy machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 180_000 } }
  }
})
