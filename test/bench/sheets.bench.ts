import { execFileSync } from 'node:child_process'
import path from 'node:path'
import type { Bench } from './row.ts'
import { createDrawings, labels } from './sheets-process.ts'

const script = path.join(import.meta.dirname, 'sheets-process.ts')

/** As the built program has it: a cache spares the process the part of Node that takes the types away, which is 15 MiB. */
const environment = { ...process.env, NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/provision-bench') }
const run = (act: string): string =>
  execFileSync(process.execPath, [script, act], { encoding: 'utf8', env: environment })

/** Drawn in a process of its own, with all that it loads: what earlier rows left behind must not count. */
function peakMib(way: 'ours' | 'reference'): number {
  run('load')
  return Number(run(way))
}

export function bench(): Bench {
  const drawings = createDrawings()
  return {
    rows: [
      {
        kind: 'speed',
        name: 'PDF of 10,000 labels, 24 a page',
        rounds: 3,
        ours: { operations: labels, run: async () => void (await drawings.ours()) },
        reference: { name: 'pdfkit rect()', operations: labels, run: drawings.reference },
        // At most 0.6 of its time; 0.2 is aimed at.
        holdRatio: 1.67,
        aimRatio: 5
      },
      {
        kind: 'limit',
        name: 'bytes a label of that PDF',
        unit: 'bytes',
        measure: async () => (await drawings.ours()).length / labels,
        hold: { atMost: 650 }
      },
      {
        kind: 'limit',
        name: 'peak memory of a process that draws it',
        unit: 'MiB',
        measure: () => peakMib('ours'),
        reference: { name: 'pdfkit rect()', value: peakMib('reference') },
        hold: { atMost: 150 }
      }
    ]
  }
}
