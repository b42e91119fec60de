import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { measureRow, type Bench, type BenchResult } from './row.ts'

const folder = import.meta.dirname

/** `npm run bench` runs every file, `npm run bench -- qr` those with `qr` in their name; a missed figure is shown, not failed. */
async function runBenches(filters: string[]): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.bench.ts')).toSorted()
  const chosen = files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  if (chosen.length === 0) {
    console.error(`No file in test/bench has ${filters.join(' or ')} in its name; there are ${files.join(', ')}.`)
    process.exitCode = 2
    return
  }
  const rows: BenchResult[] = []
  for (const file of chosen) {
    const { bench } = (await import(pathToFileURL(join(folder, file)).href)) as { bench: () => Bench | Promise<Bench> }
    const opened = await bench()
    try {
      for (const row of opened.rows) rows.push(await measureRow(row))
    } finally {
      await opened.close?.()
    }
  }
  const cpu = cpus()[0]?.model ?? 'unknown'
  console.log(`Node ${process.version} on ${cpu}\n\n${tableOf(rows)}`)
  const missed = rows.filter(({ verdict }) => verdict === 'MISSED')
  if (missed.length > 0) console.log(`\nMISSED: ${missed.map(({ name }) => name).join('; ')}`)
  if (chosen.length < files.length) return console.log('\nresults.json is left as it was: not every file was run.')
  await writeFile(join(folder, 'results.json'), `${JSON.stringify({ node: process.version, cpu, rows }, null, 2)}\n`)
}

function tableOf(rows: BenchResult[]): string {
  const lines = [
    ['row', 'ours', 'reference', 'ratio', 'hold', 'verdict'],
    ...rows.map(({ name, unit, ours, reference, ratio, hold, verdict }) => [
      name,
      quantity(ours, unit),
      reference === null ? '' : `${quantity(reference.value, unit)} (${reference.name})`,
      ratio === null ? '' : `${ratio.toFixed(2)}×`,
      hold,
      verdict
    ])
  ]
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

function quantity(value: number, unit: string): string {
  const digits = value.toLocaleString('en-US', {
    maximumSignificantDigits: value < 100 ? 3 : Math.ceil(Math.log10(value + 1))
  })
  return unit.startsWith('/') ? digits + unit : `${digits} ${unit}`
}

await runBenches(process.argv.slice(2))
