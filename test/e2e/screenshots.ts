import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { consoleHosts, type Look } from './hosts.ts'
import { scenes } from './scenes.ts'

const docsFolder = 'docs/screenshots'

/**
 * `npm run screenshots` takes the pictures anew that the README and the guide show. `-- NAME FOLDER` takes every look of the scenes
 * whose name begins so, into another folder. All of the built console in Chromium.
 */
const [wanted = '', target = docsFolder] = process.argv.slice(2)

const looks: Look[] = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
  { width: 1024, height: 700, colorScheme: 'light' },
  { width: 1024, height: 700, colorScheme: 'dark' }
]

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))
if (!host || host.missing !== null) throw new Error(host?.missing ?? 'there is no browser')
mkdirSync(target, { recursive: true })
const shownInDocs = target === docsFolder ? picturesInDocs() : null
const isTaken = (name: string, look: Look) => shownInDocs === null || shownInDocs.has(fileName(name, look))
for (const { name, prepare, arrange } of scenes.filter((scene) => scene.name.startsWith(wanted))) {
  const taken = looks.filter((look) => isTaken(name, look))
  if (taken.length === 0) continue
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-screenshots-'))
  const end = await prepare?.(folder)
  for (const look of taken) {
    const { page, close } = await host.open(folder, look)
    try {
      await page.getByRole('navigation').first().waitFor()
      await arrange?.(page, folder)
      // What appears fades in.
      await page.waitForTimeout(1_200)
      await page.screenshot({ path: path.join(target, fileName(name, look)) })
    } finally {
      await close()
    }
  }
  await end?.()
  rmSync(folder, { recursive: true, force: true })
}

function fileName(scene: string, { width, colorScheme }: Look): string {
  return `${scene}-${width}-${colorScheme}.png`
}

function picturesInDocs(): Set<string> {
  const pages = ['README.md', ...readdirSync('docs').map((name) => path.join('docs', name))]
  const texts = pages.filter((page) => page.endsWith('.md')).map((page) => readFileSync(page, 'utf8'))
  return new Set([...texts.join('\n').matchAll(/screenshots\/([\w-]+\.png)/g)].map(([, name = '']) => name))
}
