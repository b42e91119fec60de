import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Bridge } from '../../../src/shared/bridge.ts'
import { contract } from '../../../src/shared/contract.ts'
import type { Desktop } from '../../../src/shared/desktop.ts'

// Electron cannot run here: this stands for its two modules that a preload has.
const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  invoked: [] as unknown[][],
  heard: undefined as ((event: unknown, ...args: unknown[]) => void) | undefined
}))
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void electron.exposed.set(name, api) },
  ipcRenderer: {
    invoke: async (...args: unknown[]) => {
      electron.invoked.push(args)
      return { ok: true, value: {} }
    },
    on: (_channel: string, listener: typeof electron.heard) => void (electron.heard = listener),
    sendSync: () => ({ theme: 'dark' })
  }
}))

let bridge: Bridge
let desktop: Desktop
beforeAll(async () => {
  await import('../../../src/preload/index.ts')
  bridge = electron.exposed.get('provisionBridge') as Bridge
  desktop = electron.exposed.get('provisionDesktop') as Desktop
})

describe('the bridge of the window', () => {
  it('has one method for each call of the contract, and each makes that very call', async () => {
    const { on: _on, ...nouns } = bridge
    const methods = Object.entries(nouns).flatMap(([noun, verbs]) =>
      Object.entries(verbs).map(([verb, method]) => [`${noun}:${verb}`, method as (input: unknown) => unknown] as const)
    )
    expect(methods.map(([name]) => name).toSorted()).toEqual(Object.keys(contract).toSorted())
    for (const [name, method] of methods) {
      electron.invoked.length = 0
      await method({ some: 'input' })
      expect(electron.invoked).toEqual([['console:call', name, { some: 'input' }]])
    }
  })

  it('exposes two objects of functions and nothing of Electron', () => {
    expect([...electron.exposed.keys()]).toEqual(['provisionBridge', 'provisionDesktop'])
    const leaves = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value]
    expect([...electron.exposed.values()].flatMap(leaves).every((leaf) => typeof leaf === 'function')).toBe(true)
  })

  it('passes an event to those who listen for it, until they stop', () => {
    const heard: unknown[] = []
    const stop = bridge.on('menu-command', (data) => heard.push(data))
    electron.heard?.({}, 'users-changed', {})
    electron.heard?.({}, 'menu-command', { command: 'find' })
    stop()
    electron.heard?.({}, 'menu-command', { command: 'help' })
    expect(heard).toEqual([{ command: 'find' }])
  })
})

describe('what only the desktop can do', () => {
  it('knows its preferences at once and keeps a change', () => {
    electron.invoked.length = 0
    expect([desktop.readPreference('theme'), desktop.readPreference('columns')]).toEqual(['dark', null])
    desktop.writePreference('columns', 'a,b')
    expect(desktop.readPreference('columns')).toBe('a,b')
    expect(electron.invoked).toEqual([['console:desktop', { act: 'writePreference', name: 'columns', value: 'a,b' }]])
  })

  it('asks for theme and clipboard by name', async () => {
    electron.invoked.length = 0
    await desktop.showTheme('light')
    await desktop.copySecret('K7QM')
    expect(electron.invoked).toEqual([
      ['console:desktop', { act: 'showTheme', theme: 'light' }],
      ['console:desktop', { act: 'copySecret', text: 'K7QM' }]
    ])
  })
})
