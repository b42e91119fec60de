import type { ImportColumn } from '../../../shared/user.ts'

export const importWords = {
  title: 'Import users',
  drop: 'Drop the file to import its users',
  oneFile: 'Drop one file at a time.',
  choose: {
    title: 'Choose a CSV file, or drop it anywhere on this window',
    text: 'The first line names the columns, in any order: username, name, email, group, phone. Comma, semicolon or tab; UTF-8 or UTF-16.',
    button: 'Choose a file…',
    another: 'Choose another file…'
  },
  reading: 'Reading {{file}}…',
  unreadable: 'The file {{file}} cannot be read. It may have been moved or changed; choose it again.',
  tooLarge: 'The file has {{size}} MB; {{most}} MB can be taken. Split it, or use “provision users import”.',
  delimiter: { label: 'Separated by', comma: 'comma', semicolon: 'semicolon', tab: 'tab' },
  mapping: {
    inFile: 'In the file',
    sample: 'First lines',
    becomes: 'Becomes',
    becomesOf: 'Column {{title}} becomes',
    leaveOut: 'left out',
    unnamed: 'column {{number}}',
    columns: {
      username: 'username',
      name: 'name',
      email: 'email',
      group: 'group',
      phone: 'phone'
    } satisfies Record<ImportColumn, string>,
    noUsername: 'Say which column is the username.',
    twice: 'Two columns cannot both become the {{column}}.'
  },
  options: {
    createGroups: 'Create groups that do not exist',
    skipBad: 'Leave out bad lines and import the rest'
  },
  trial: {
    title: 'What would happen',
    newGroups_one: 'A new group would be created: {{names}}',
    newGroups_other: '{{count, number}} new groups would be created: {{names}}'
  },
  counts: { added: 'added', updated: 'updated', unchanged: 'unchanged', rejected: 'rejected' },
  rejected: {
    title: 'Rejected lines',
    line: 'Line',
    column: 'Column',
    reason: 'Reason',
    wholeLine: 'whole line',
    export: 'Save as CSV…',
    exportName: 'rejected lines of {{file}}'
  },
  button_one: 'Import {{count, number}} user',
  button_other: 'Import {{count, number}} users',
  buttonNone: 'Import',
  blocked: {
    checking: 'The file is being checked.',
    bad_one: '{{count, number}} line is bad: mend the file, or leave the line out.',
    bad_other: '{{count, number}} lines are bad: mend the file, or leave them out.',
    nothing: 'Nothing would change: every user is already so.',
    nobody: 'The file holds no user that could be imported.'
  },
  task: 'Importing users',
  running: 'Importing {{file}}',
  background: 'Go on in the background',
  stopping: 'Stopping…',
  done: {
    title_one: '{{count, number}} user imported',
    title_other: '{{count, number}} users imported',
    nothing: 'Nothing was imported',
    groups_one: 'Created the group {{names}}.',
    groups_other: 'Created {{count, number}} groups: {{names}}.',
    stopped: 'The import ended before the last line: {{reason}}.',
    kept: 'What was written until then is kept; importing the file again takes up the rest.',
    failed: 'The import did not finish',
    back: 'Back to the file',
    toast_one: '{{count, number}} user imported.',
    toast_other: '{{count, number}} users imported.',
    show: 'Show users'
  }
}
