import { defineConfig } from 'vitest/config'

/** Long campaigns: `npm run test:soak`. `npm test` runs a short version of each. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    setupFiles: ['test/support/fixed-seed.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 60_000
  }
})
