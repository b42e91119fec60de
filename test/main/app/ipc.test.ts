import { describe, expect, it } from 'vitest'
import { carryContract, type IpcOptions } from '../../../src/main/app/ipc.ts'
import type { Result } from '../../../src/shared/errors.ts'
import { openTestConsole } from '../../support/console.ts'

type Handler = (event: object, ...args: unknown[]) => unknown

/** The real contract over a real console; of Electron only its two ends. */
async function carry() {
  const console = await openTestConsole()
  const handlers = new Map<string, Handler>()
  const sent: unknown[][] = []
  const asked: unknown[] = []
  const mainFrame = { url: 'console://app/' }
  const contents = { mainFrame, send: (...args: unknown[]) => void sent.push(args) }
  const { publish } = carryContract({
    ipcMain: {
      handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
      on: (channel: string, handler: Handler) => void handlers.set(channel, handler)
    } as unknown as IpcOptions['ipcMain'],
    console,
    caller: { role: 'administrator', actor: 'anna (window)' },
    desktop: {
      readPreferences: () => ({ theme: 'dark' }),
      answer: async (request) => {
        if (request.act === 'showTheme') throw new Error('the display is gone')
        asked.push(request)
      }
    },
    contents: () => contents as unknown as ReturnType<IpcOptions['contents']>,
    log: console.log
  })
  const own = { sender: contents, senderFrame: mainFrame }
  const invoke = (channel: string, ...args: unknown[]) =>
    handlers.get(channel)?.(own, ...args) as Promise<Result<unknown>>
  const invokeFrom = (event: object, channel: string, ...args: unknown[]) =>
    handlers.get(channel)?.(event, ...args) as Promise<Result<unknown>>
  return { console, handlers, sent, asked, contents, own, publish, invoke, invokeFrom }
}

describe('calls of the window', () => {
  it('are answered as administrator under the name of the account', async () => {
    const { invoke, console } = await carry()
    expect(await invoke('console:call', 'users:add', { username: 'jdoe', group: 'Staff' })).toMatchObject({ ok: true })
    const { timeline } = await console.call('users:show', { username: 'jdoe' })
    expect(timeline[0]?.actor).toBe('anna (window)')
  })

  it('get a typed refusal for anything that the contract does not say, and main goes on', async () => {
    const { invoke } = await carry()
    const calls: unknown[][] = [
      [],
      [null],
      [{}],
      ['users:destroy', {}],
      ['__proto__', {}],
      ['users:list', { limit: 'many' }],
      ['users:list', null],
      ['users:add', { username: {}, group: [] }],
      ['users:import', { content: 'text' }]
    ]
    for (const call of calls) expect(await invoke('console:call', ...call)).toMatchObject({ ok: false })
    expect(await invoke('console:call', 'version:get', {})).toMatchObject({ ok: true })
  })

  it('are refused and logged when they come from anywhere else', async () => {
    const { invokeFrom, console, contents, asked } = await carry()
    const strangers = [
      { sender: contents, senderFrame: { url: 'console://app/' } },
      { sender: {}, senderFrame: { url: 'https://example.com/' } },
      { sender: contents, senderFrame: null }
    ]
    for (const event of strangers) {
      for (const [channel, ...args] of [
        ['console:call', 'groups:add', { name: 'Evil' }],
        ['console:desktop', { act: 'copySecret', text: 'x' }]
      ] as [string, ...unknown[]][]) {
        const answer = await invokeFrom(event, channel, ...args)
        expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } })
      }
    }
    expect((await console.call('groups:list', {})).map(({ name }) => name)).toEqual(['Staff'])
    expect(asked).toEqual([])
    expect(console.log.lines.filter((line) => line.startsWith('warn Refused a call'))).toHaveLength(6)
  })
})

describe('the desktop', () => {
  it('hears only what it knows, and its failures stay inside', async () => {
    const { invoke, asked } = await carry()
    const refused: unknown[] = [
      undefined,
      'copySecret',
      { act: 'openFile', path: '/etc/passwd' },
      { act: 'copySecret', text: 5 },
      { act: 'copySecret', text: 'x'.repeat(10_001) },
      { act: 'writePreference', name: '../x', value: '' },
      { act: 'writePreference', name: 'x', value: 'x'.repeat(10_001) }
    ]
    for (const request of refused) {
      expect(await invoke('console:desktop', request)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    }
    expect(asked).toEqual([])
    expect(await invoke('console:desktop', { act: 'showTheme', theme: 'dark' })).toMatchObject({
      ok: false,
      error: { code: 'internal' }
    })
    expect(await invoke('console:desktop', { act: 'copySecret', text: 'x' })).toEqual({ ok: true, value: {} })
  })

  it('tells its preferences to the page alone', async () => {
    const { handlers, own } = await carry()
    const ask = (event: object) => {
      const asked = { ...event, returnValue: undefined as unknown }
      handlers.get('console:desk-preferences')?.(asked)
      return asked.returnValue
    }
    expect(ask(own)).toEqual({ theme: 'dark' })
    expect(ask({ sender: own.sender, senderFrame: { url: 'console://app/' } })).toEqual({})
  })
})

describe('events', () => {
  it('reach the window, those of the console and those of the menus', async () => {
    const { console, publish, sent } = await carry()
    await console.call('groups:add', { name: 'Sales' })
    publish('menu-command', { command: 'find' })
    expect(sent).toContainEqual(['console:event', 'groups-changed', {}])
    expect(sent.at(-1)).toEqual(['console:event', 'menu-command', { command: 'find' }])
  })
})
