import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** `npm test`: every suite in turn, then one line that sums them all up. */
const suites = ['vitest.config.ts', 'test/e2e/vitest.config.ts'].filter((config) => existsSync(config))

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
  success: boolean
}

const sums = { passed: 0, failed: 0, skipped: 0 }
const folder = mkdtempSync(path.join(tmpdir(), 'provision-suites-'))
try {
  for (const [index, config] of suites.entries()) runSuite(config, path.join(folder, `${index}.json`))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = sums.failed > 0 ? 1 : 0
console.log(`\n${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`)

/** Windows need a display: one for the whole suite, since each one of its own takes longer and they may get in each other's way. */
function withDisplay(config: string, [command, ...args]: [string, ...string[]]): [string, string[]] {
  const isNeeded = config.includes('e2e') && process.platform === 'linux' && !process.env['DISPLAY']
  if (!isNeeded || spawnSync('which', ['xvfb-run']).status !== 0) return [command, args]
  return ['xvfb-run', ['-a', '-s', '-screen 0 1440x900x24', command, ...args]]
}

function runSuite(config: string, reportFile: string): void {
  console.log(`\n— ${config}`)
  const options = [
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`
  ]
  const vitest = path.join('node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(...withDisplay(config, [process.execPath, vitest, ...options]), { stdio: 'inherit' })
  if (!existsSync(reportFile)) {
    sums.failed += 1
    return
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
  sums.passed += report.numPassedTests
  sums.failed += report.numFailedTests
  sums.skipped += report.numPendingTests + report.numTodoTests
  // A file that does not load, or an error outside every test, fails the run without failing a test.
  if (report.numFailedTests === 0 && (status !== 0 || !report.success))
    sums.failed += Math.max(1, report.numFailedTestSuites)
}
