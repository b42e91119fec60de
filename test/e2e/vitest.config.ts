import { defineConfig } from 'vitest/config'

/** The built application: in real Electron where there is one, and in Chromium. One file at a time: each has a window. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
