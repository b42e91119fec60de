import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{main,shared,renderer,bench}/**/*.test.{ts,tsx}'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
