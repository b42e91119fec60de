import { existsSync } from 'node:fs'
import path from 'node:path'

/**
 * The folder that holds `package.json`, `out/` and `resources/`, be it a checkout or the archive of a packaged application.
 * Looked for upwards, since the bundler may put this module into any folder below it.
 */
export const programFolder = findProgramFolder(import.meta.dirname)

function findProgramFolder(start: string): string {
  if (existsSync(path.join(start, 'package.json'))) return start
  const parent = path.dirname(start)
  if (parent === start) throw new Error('The program is not complete: its package.json is missing.')
  return findProgramFolder(parent)
}

export const rendererFolder = path.join(programFolder, 'out', 'renderer')
export const resourcesFolder = path.join(programFolder, 'resources')

/** The address of the development server of the renderer, or null in what people install. */
export function developmentRendererUrl(environment: NodeJS.ProcessEnv): string | null {
  if (environment['NODE_ENV_ELECTRON_VITE'] !== 'development') return null
  return environment['ELECTRON_RENDERER_URL'] ?? null
}
