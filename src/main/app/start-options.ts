import path from 'node:path'
import { defaultDataFolder } from '../system/data-folder.ts'

/** The data folder of `--data DIR` or `--data=DIR`, among whatever else Chromium finds on its command line. */
export function dataFolderFrom(argv: readonly string[], environment: NodeJS.ProcessEnv): string {
  const at = argv.findIndex((argument) => argument === '--data' || argument.startsWith('--data='))
  const given = argv[at] === '--data' ? argv[at + 1] : argv[at]?.slice('--data='.length)
  return given ? path.resolve(given) : defaultDataFolder(environment)
}
