import type { AttemptRefusal } from '../../../shared/audit.ts'
import type { CodeChannel } from '../../../shared/code.ts'

/** What happened, as a sentence each. Who did it and when is shown beside it. */
export const log = {
  folderCreated: 'Data folder created',
  settingsChanged: 'Settings changed: {{names}}',
  groupAdded: 'Group {{name}} added',
  groupChanged: 'Group {{name}} changed',
  groupRemoved: 'Group {{name}} removed',
  usersImported: 'Users imported: {{added, number}} added, {{updated, number}} updated',
  userAdded: 'User added',
  userChanged: 'User changed',
  userChangedFields: 'User changed: {{names}}',
  usersDisabled_one: 'User disabled',
  usersDisabled_other: '{{count, number}} users disabled',
  usersEnabled_one: 'User enabled',
  usersEnabled_other: '{{count, number}} users enabled',
  usersRemoved_one: 'User removed',
  usersRemoved_other: '{{count, number}} users removed',
  codesIssued_one: 'Code issued {{channel}}, valid until {{until}}',
  codesIssued_other: '{{count, number}} codes issued {{channel}}, valid until {{until}}',
  codeRevealed_one: 'Code shown in the clear',
  codeRevealed_other: '{{count, number}} codes shown in the clear',
  codesWithdrawn_one: 'Code withdrawn',
  codesWithdrawn_other: '{{count, number}} codes withdrawn',
  attemptPassed: 'App set up from {{address}}',
  attemptRefused: 'Provision attempt from {{address}} refused: {{reason}}',
  attemptRefusedLocked: 'Provision attempt from {{address}} refused: {{reason}}; locked until {{until}}',
  stringsDownloaded: 'Security strings downloaded from {{address}}',
  stringsRefused: 'Security strings refused to {{address}}: {{reason}}',
  keySlotAdded: 'Key slot added',
  keySlotRemoved: 'Key slot removed',
  backupCreated: 'Backup made',
  backupRestored: 'Backup restored, made {{made}}',
  devicesVoided_one: 'App void after a restore',
  devicesVoided_other: '{{count, number}} apps void after a restore',
  unknownAddress: 'an unknown address',
  unknownName: 'unknown',
  until: 'until {{time}}',
  by: 'by {{actor}}',
  times: '× {{count, number}}',
  channels: {
    mail: 'for email',
    sheet: 'for a printed sheet',
    portal: 'by the User Portal',
    desk: 'at the desk'
  } satisfies Record<CodeChannel, string>,
  refusals: {
    'unknown-user': 'there is no such user',
    'user-disabled': 'the user is disabled',
    locked: 'locked after wrong codes {{until}}',
    'no-code': 'no code was live',
    'wrong-code': 'the code was wrong',
    'code-used': 'the code had been used {{ended}}',
    'code-failed': 'the code had ended after wrong attempts {{ended}}',
    'code-expired': 'the code had expired {{ended}}',
    'code-superseded': 'a newer code had replaced it {{ended}}',
    'code-withdrawn': 'the code had been withdrawn {{ended}}'
  } satisfies Record<AttemptRefusal, string>,
  stringsReasons: {
    'user-removed': 'the user has been removed',
    'user-disabled': 'the user is disabled',
    'no-mobile-client-right': 'the group may not use a Mobile Client',
    other: 'the app’s Id is void'
  }
}
