import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{main,shared,renderer,bench}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/support/fixed-seed.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
