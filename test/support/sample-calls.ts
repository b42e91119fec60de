import type { CallInput, CallName } from '../../src/shared/contract.ts'

const users = { selection: { usernames: ['ann', 'nobody'] } }

/** An input that each call takes; a call that is new does not compile until it has one. */
export const sampleInputs: { [Name in CallName]: CallInput<Name> } = {
  'version:get': {},
  'status:get': {},
  'tasks:cancel': { taskId: 'one' },
  'settings:list': {},
  'settings:set': { changes: { 'server.name': 'Server', 'policy.codes.length': 12, 'server.host': null } },
  'groups:list': {},
  'groups:add': { name: 'Guests', mobileClient: false },
  'groups:set': { name: 'Guests', change: { name: 'Visitors', selfProvision: true } },
  'groups:remove': { name: 'Visitors' },
  'users:list': {
    sort: { column: 'codeExpiresAtMs', descending: true },
    filter: { query: 'ann', app: ['none'], code: ['none', 'live'], locked: false },
    skip: 0,
    limit: 5
  },
  'users:count': { filter: { group: 'Staff', disabled: false } },
  'users:show': { username: 'ann' },
  'users:add': { username: 'ann', name: 'Ann Ö’Hara', email: 'ann@example.com', phone: '+49 30 1', group: 'Staff' },
  'users:set': { username: 'ann', change: { name: 'Ann' }, revision: 1 },
  'users:disable': { ...users, taskId: 'one' },
  'users:enable': users,
  'users:remove': { selection: { filter: { username: 'ann' } } },
  'users:undoRemove': { undo: 'ffff' },
  'users:unprovision': users,
  'users:unlock': { ...users, taskId: 'one' },
  'users:export': { selection: { filter: {} } },
  'users:readImport': { content: Buffer.from('username;name\nbea;Bea\n') },
  'users:import': { content: Buffer.from('username,group\nbea,New\n,New\n'), skipBad: true, createGroups: true },
  'codes:issue': { ...users, validForMs: 3_600_000, reveal: true },
  'codes:list': { state: 'live', limit: 10 },
  'codes:withdraw': { ...users, taskId: 'one' },
  'qr:issue': { username: 'ann', format: 'png', scale: 4 },
  'codes:reveal': { handle: 'ffff' },
  'qr:decode': { image: Buffer.from('no picture') },
  'log:list': { filter: { user: 'ann', kinds: ['user.added'], sinceMs: 0, text: 'ann' }, limit: 10 },
  'log:verify': {},
  'log:export': { filter: { user: 'ann' }, format: 'csv' },
  'backup:create': { passphrase: 'a passphrase of five words' },
  'backup:inspect': { content: Buffer.from('no backup'), passphrase: 'a passphrase of five words' },
  'backup:restore': { content: Buffer.from('no backup'), passphrase: 'a passphrase of five words' },
  'key:list': {},
  'key:add': { kind: 'passphrase', passphrase: 'too short' },
  'key:remove': { id: 1 }
}
