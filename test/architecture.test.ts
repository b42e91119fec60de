import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** What the files that match `files` may import: other files by their path under src, packages by their names. */
interface Rule {
  says: string
  files: RegExp
  mayImport: RegExp
}

const rules: Rule[] = [
  {
    says: 'shared is what all processes speak: it imports only shared and zod',
    files: /^shared\//,
    mayImport: /^(shared\/|zod$)/
  },
  {
    says: 'a migration never changes once it has landed, so it imports Kysely alone',
    files: /^main\/store\/migrations\//,
    mayImport: /^kysely(\/migration)?$/
  },
  {
    says: 'the renderer reaches the rest of the program only through the bridge',
    files: /^renderer\//,
    mayImport: /^(?!main\/|preload\/|node:)/
  },
  {
    says: 'Electron is imported by src/main/app, src/main/index.ts and the preload alone',
    files: /^(?!main\/app\/|main\/index\.ts$|preload\/)/,
    mayImport: /^(?!electron(\/|-store|-log\/main|$))/
  }
]

/** Of a file's text, its imports and exports from elsewhere, types included. */
function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
}

/** `main/system/operation.ts` for a relative import, the package's name for another. */
function resolve(file: string, imported: string): string {
  if (!imported.startsWith('.')) return imported
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), imported.replace(/\?.*$/, '')))
}

function violations(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, text]) =>
    importsOf(text).flatMap((imported) => {
      const target = resolve(file, imported)
      return rules
        .filter((rule) => rule.files.test(file) && !rule.mayImport.test(target))
        .map(({ says }) => `${file} imports ${target}: ${says}`)
    })
  )
}

const sources = new Map(
  globSync('src/**/*.{ts,tsx}').map((file) => {
    const name = file
      .split(path.sep)
      .join('/')
      .replace(/^src\//, '')
    return [name, readFileSync(file, 'utf8')]
  })
)

describe('who may import whom', () => {
  it('is kept by every file', () => {
    expect(sources.size).toBeGreaterThan(400)
    expect(violations(sources)).toEqual([])
  })

  it.each([
    ['shared/qr.ts', `import x from 'lodash'`],
    ['shared/qr.ts', `import type { X } from '../main/system/operation.ts'`],
    ['shared/qr.ts', `export * from 'node:fs'`],
    ['main/store/migrations/003-reprovision-links.ts', `import { foldCase } from '../../system/fold-case.ts'`],
    ['renderer/App.tsx', `import { x } from '../main/system/operation.ts'`],
    ['renderer/App.tsx', `import fs from 'node:fs'`],
    ['renderer/App.tsx', `import { ipcRenderer } from 'electron'`],
    ['main/system/log.ts', `import log from 'electron-log/main'`],
    ['main/cli/program.ts', `const { app } = await import('electron')`]
  ])('is noticed where %s says %s', (file, text) => {
    expect(violations(new Map([[file, text]]))).toHaveLength(1)
  })

  it.each([
    ['shared/qr.ts', `import { z } from 'zod'`],
    ['renderer/App.tsx', `import { Button } from '@mantine/core'`],
    ['main/app/menu.ts', `import { Menu } from 'electron'`]
  ])('lets %s say %s', (file, text) => {
    expect(violations(new Map([[file, text]]))).toEqual([])
  })
})
