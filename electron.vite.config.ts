import { chmod } from 'node:fs/promises'
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { downloadElectron, findElectron } from './src/main/start/electron-binary.ts'

const developmentPort = 5173

export default defineConfig(async ({ command, mode }): Promise<UserConfig> => {
  if (command === 'serve') await chooseDevelopmentHost(mode)
  return {
    main: {
      build: {
        // The oldest Node that runs it: that of the Electron in the end-to-end tests.
        target: 'node20.18',
        sourcemap: true,
        // Of hundreds of small modules each: as one file they load in a fraction of the time, and every start waits for them.
        externalizeDeps: { exclude: ['zod', 'kysely', 'electron-store'] },
        rolldownOptions: {
          input: {
            index: 'src/main/index.ts',
            cli: 'src/main/cli.ts',
            start: 'src/main/start.ts',
            'read-back-thread': 'src/main/sheets/read-back-thread.ts',
            'aside-thread': 'src/main/aside/aside-thread.ts'
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
        }
      },
      plugins: [executable('cli.js')]
    },
    preload: {
      build: {
        target: 'node20.18',
        isolatedEntries: true,
        externalizeDeps: false,
        rolldownOptions: {
          input: { index: 'src/preload/index.ts', passphrase: 'src/preload/passphrase.ts' },
          // A sandboxed preload is one CommonJS file.
          output: { format: 'cjs', entryFileNames: '[name].cjs' }
        }
      }
    },
    renderer: {
      root: 'src/renderer',
      plugins: [react()],
      html: { cspNonce: '__CSP_NONCE__' },
      // The page comes from the console's own address, so it is told where the changed modules come from.
      server: {
        host: '127.0.0.1',
        port: developmentPort,
        strictPort: true,
        hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: developmentPort }
      },
      build: {
        target: 'es2022',
        minify: true,
        assetsInlineLimit: 0,
        // It is read from this disk, not from a network.
        chunkSizeWarningLimit: 4000,
        rolldownOptions: { input: 'src/renderer/index.html' }
      }
    }
  }
})

/** Bundling drops the file mode, which a program in `bin` needs when it is started by its name. */
function executable(fileName: string): Plugin {
  let folder = ''
  return {
    name: 'executable',
    configResolved(config) {
      folder = config.build.outDir
    },
    async writeBundle() {
      await chmod(path.resolve(folder, fileName), 0o755)
    }
  }
}

/** What `electron-vite dev` starts: Electron, wherever it is found, or with `--mode browser` the console for a browser. */
async function chooseDevelopmentHost(mode: string): Promise<void> {
  if (mode === 'browser') {
    const given = JSON.parse(process.env['ELECTRON_CLI_ARGS'] ?? '[]') as string[]
    process.env['ELECTRON_EXEC_PATH'] = process.execPath
    process.env['ELECTRON_ENTRY'] = path.resolve('out/main/cli.js')
    process.env['ELECTRON_CLI_ARGS'] = JSON.stringify(['serve', ...given])
    return
  }
  const packageFolder = path.resolve('node_modules/electron')
  const find = () => findElectron(packageFolder, process.env, process.platform)
  const electron = find() ?? ((await downloadElectron(packageFolder, 15_000)) ? find() : null)
  if (!electron) throw new Error('Electron could not be downloaded; `npm run dev:browser` does without it.')
  process.env['ELECTRON_EXEC_PATH'] ??= electron
}
