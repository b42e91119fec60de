import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge, BridgeCall } from '../shared/bridge.ts'
import type { CallName } from '../shared/contract.ts'
import type {
  CallChannel,
  DeskPreferences,
  DeskPreferencesChannel,
  Desktop,
  DesktopChannel,
  DesktopRequest,
  EventChannel
} from '../shared/desktop.ts'
import type { EventData, EventName } from '../shared/events.ts'

const callChannel: CallChannel = 'console:call'
const eventChannel: EventChannel = 'console:event'
const desktopChannel: DesktopChannel = 'console:desktop'
const deskPreferencesChannel: DeskPreferencesChannel = 'console:desk-preferences'

const call =
  <Name extends CallName>(name: Name): BridgeCall<Name> =>
  (input) =>
    ipcRenderer.invoke(callChannel, name, input)

type Listener = (name: EventName, data: EventData<EventName>) => void
const listeners = new Set<Listener>()
ipcRenderer.on(eventChannel, (_event, name: EventName, data: EventData<EventName>) => {
  for (const listener of listeners) listener(name, data)
})

const bridge: Bridge = {
  version: { get: call('version:get') },
  status: { get: call('status:get'), todo: call('status:todo'), figures: call('status:figures') },
  time: { get: call('time:get'), setRight: call('time:setRight') },
  tasks: { cancel: call('tasks:cancel') },
  settings: { list: call('settings:list'), set: call('settings:set') },
  groups: {
    list: call('groups:list'),
    add: call('groups:add'),
    set: call('groups:set'),
    remove: call('groups:remove')
  },
  users: {
    list: call('users:list'),
    count: call('users:count'),
    show: call('users:show'),
    add: call('users:add'),
    set: call('users:set'),
    disable: call('users:disable'),
    enable: call('users:enable'),
    remove: call('users:remove'),
    move: call('users:move'),
    undo: call('users:undo'),
    unprovision: call('users:unprovision'),
    unlock: call('users:unlock'),
    export: call('users:export'),
    readImport: call('users:readImport'),
    import: call('users:import')
  },
  codes: {
    issue: call('codes:issue'),
    issueFile: call('codes:issueFile'),
    list: call('codes:list'),
    withdraw: call('codes:withdraw'),
    reveal: call('codes:reveal')
  },
  qr: { issue: call('qr:issue'), decode: call('qr:decode') },
  transports: {
    list: call('transports:list'),
    set: call('transports:set'),
    remove: call('transports:remove'),
    check: call('transports:check'),
    test: call('transports:test')
  },
  templates: {
    list: call('templates:list'),
    get: call('templates:get'),
    set: call('templates:set'),
    reset: call('templates:reset'),
    validate: call('templates:validate')
  },
  mail: {
    plan: call('mail:plan'),
    planned: call('mail:planned'),
    preview: call('mail:preview'),
    checkLinks: call('mail:checkLinks'),
    ownAddress: call('mail:ownAddress'),
    askOwnAddress: call('mail:askOwnAddress'),
    confirmOwnAddress: call('mail:confirmOwnAddress'),
    toMe: call('mail:toMe'),
    send: call('mail:send')
  },
  outbox: {
    summary: call('outbox:summary'),
    batches: call('outbox:batches'),
    messages: call('outbox:messages'),
    pause: call('outbox:pause'),
    resume: call('outbox:resume'),
    cancel: call('outbox:cancel'),
    retry: call('outbox:retry')
  },
  log: { list: call('log:list'), verify: call('log:verify'), export: call('log:export') },
  backup: { create: call('backup:create'), inspect: call('backup:inspect'), restore: call('backup:restore') },
  portal: { get: call('portal:get'), requests: call('portal:requests') },
  links: { create: call('links:create') },
  diagnostics: {
    readPicture: call('diagnostics:readPicture'),
    bePhone: call('diagnostics:bePhone'),
    explain: call('diagnostics:explain'),
    checkUser: call('diagnostics:checkUser'),
    testLink: call('diagnostics:testLink'),
    bundle: call('diagnostics:bundle')
  },
  sheets: {
    stock: call('sheets:stock'),
    plan: call('sheets:plan'),
    make: call('sheets:make'),
    keep: call('sheets:keep'),
    list: call('sheets:list'),
    show: call('sheets:show'),
    withdraw: call('sheets:withdraw'),
    reissue: call('sheets:reissue'),
    testPage: call('sheets:testPage'),
    letter: call('sheets:letter'),
    setLetter: call('sheets:setLetter')
  },
  key: { list: call('key:list'), add: call('key:add'), remove: call('key:remove') },
  on(name, listener) {
    const heard: Listener = (heardName, data) => {
      if (heardName === name) listener(data as EventData<typeof name>)
    }
    listeners.add(heard)
    return () => {
      listeners.delete(heard)
    }
  }
}

const ask = (request: DesktopRequest) => ipcRenderer.invoke(desktopChannel, request)

// Asked for at once, since a page wants to know its theme before it draws anything.
const preferences = new Map<string, string>(
  Object.entries(ipcRenderer.sendSync(deskPreferencesChannel) as DeskPreferences)
)

const desktop: Desktop = {
  readPreference: (name) => preferences.get(name) ?? null,
  writePreference(name, value) {
    preferences.set(name, value)
    void ask({ act: 'writePreference', name, value })
  },
  showTheme: (theme) => ask({ act: 'showTheme', theme }),
  copySecret: (text) => ask({ act: 'copySecret', text }),
  addKeyFile: () => ask({ act: 'addKeyFile' }),
  savePdf: (pdf, name) => ask({ act: 'savePdf', pdf, name }),
  printPdf: (pdf, name, paper) => ask({ act: 'printPdf', pdf, name, paper })
}

contextBridge.exposeInMainWorld('provisionBridge', bridge)
contextBridge.exposeInMainWorld('provisionDesktop', desktop)
