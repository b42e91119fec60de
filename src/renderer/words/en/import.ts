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
  counts: { added: 'added', updated: 'updated', unchanged: 'unchanged', rejected: 'rejected', disabled: 'disabled' },
  leavers: {
    option: 'Disable who is missing from the file',
    group: 'Group whose missing users are disabled',
    choose: 'of this group…',
    noGroup: 'Choose the group whose missing users are disabled.',
    nameless: 'A bad line does not say whose it is, so nobody can be taken for missing. Mend it, or disable nobody.',
    would_one: '{{count, number}} user of {{group}} is not in the file and would be disabled: {{names}}',
    would_other: '{{count, number}} users of {{group}} are not in the file and would be disabled: {{names}}',
    askTitle_one: 'Disable {{count, number}} user of {{group}}?',
    askTitle_other: 'Disable {{count, number}} users of {{group}}?',
    askText_one:
      'The file does not name this user. Once the rest is imported, the user’s live code ends, and provision attempts and downloads of security strings are refused until the user is enabled again.',
    askText_other:
      'The file does not name them. Once the rest is imported, their live codes end, and provision attempts and downloads of security strings are refused until they are enabled again.',
    verb_one: 'Disable {{count, number}} user',
    verb_other: 'Disable {{count, number}} users',
    bothVerb_one: 'Import, and disable {{count, number}} user',
    bothVerb_other: 'Import, and disable {{count, number}} users',
    bothButton_one: 'Import {{imported, number}}, disable {{count, number}}…',
    bothButton_other: 'Import {{imported, number}}, disable {{count, number}}…',
    button_one: 'Disable {{count, number}} user…',
    button_other: 'Disable {{count, number}} users…',
    doneTitle_one: '{{count, number}} user disabled',
    doneTitle_other: '{{count, number}} users disabled',
    done_one: '{{count, number}} user of {{group}} was not in the file and is disabled now: {{names}}',
    done_other: '{{count, number}} users of {{group}} were not in the file and are disabled now: {{names}}'
  },
  rejected: {
    title: 'Rejected lines',
    line: 'Line',
    column: 'Column',
    reason: 'Reason',
    wholeLine: 'whole line',
    export: 'Save as CSV…',
    exportName: 'rejected lines of {{file}}'
  },
  warnings: {
    title: 'Lines to look at; they are imported',
    exportName: 'lines to look at of {{file}}'
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
