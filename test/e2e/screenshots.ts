import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { consoleHosts, type Look } from './hosts.ts'
import { scenes } from './scenes.ts'

/**
 * `npm run screenshots [-- NAME [FOLDER]]`: every picture of docs/screenshots, or of the scenes whose name begins so, taken of the
 * built console in Chromium.
 */
const [wanted = '', target = 'docs/screenshots'] = process.argv.slice(2)

const looks: Look[] = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
  { width: 1024, height: 700, colorScheme: 'light' },
  { width: 1024, height: 700, colorScheme: 'dark' }
]

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))
if (!host || host.missing !== null) throw new Error(host?.missing ?? 'there is no browser')
mkdirSync(target, { recursive: true })
for (const { name, prepare, arrange } of scenes.filter((scene) => scene.name.startsWith(wanted))) {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-screenshots-'))
  const end = await prepare?.(folder)
  for (const look of looks) {
    const { page, close } = await host.open(folder, look)
    try {
      await page.getByRole('navigation').first().waitFor()
      await arrange?.(page, folder)
      // What appears fades in.
      await page.waitForTimeout(1_200)
      await page.screenshot({ path: path.join(target, `${name}-${look.width}-${look.colorScheme}.png`) })
    } finally {
      await close()
    }
  }
  await end?.()
  rmSync(folder, { recursive: true, force: true })
}
