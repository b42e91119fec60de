import { defineConfig } from 'vitest/config'

/** The long campaigns, of which `npm test` runs a short version each. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 60_000
  }
})
