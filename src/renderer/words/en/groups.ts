export const groups = {
  title: 'Groups',
  table: 'Groups',
  count_one: '{{count, number}} group',
  count_other: '{{count, number}} groups',
  add: 'Add group',
  find: 'Find a group',
  columns: {
    name: 'Group',
    users: 'Users',
    mobileClient: 'May use a Mobile Client',
    selfProvision: 'May provision themselves',
    acts: 'Change'
  },
  mobileClientNamed: '{{name}}: may use a Mobile Client',
  selfProvisionNamed: '{{name}}: may provision themselves',
  showUsers_one: 'Show {{count, number}} user of {{name}}',
  showUsers_other: 'Show {{count, number}} users of {{name}}',
  rename: 'Rename {{name}}',
  remove: 'Remove {{name}}',
  newName: 'Name of the new group',
  newNamePlaceholder: 'Name',
  renameLabel: 'New name of {{name}}',
  saveName: 'Rename',
  nameMissing: 'A group needs a name.',
  note: 'A user is in one group. Without “May use a Mobile Client”, apps of its users are refused their security strings. “May provision themselves” lets them ask the User Portal for a code, where Self Reset allows it.',
  none: 'No group matches “{{query}}”.',
  empty: { title: 'No groups', text: 'Every user is in a group. Add one before you import users.' },
  added: 'Group {{name}} added.',
  renamed: '{{before}} is now called {{after}}.',
  removed: 'Group {{name}} removed.',
  mayUse: 'Users of {{name}} may use a Mobile Client.',
  mayNotUse: 'Users of {{name}} may no longer use a Mobile Client.',
  maySelf: 'Users of {{name}} may provision themselves.',
  mayNotSelf: 'Users of {{name}} may no longer provision themselves.',
  cut: {
    title: 'Take the Mobile Client from {{name}}?',
    text_one:
      '{{count, number}} user is in this group. Until it is allowed again, the app is refused new security strings.',
    text_other:
      '{{count, number}} users are in this group. Until it is allowed again, their apps are refused new security strings.',
    verb_one: 'Take it from {{count, number}} user',
    verb_other: 'Take it from {{count, number}} users'
  },
  refused: {
    title: '{{name}} cannot be removed yet',
    text_one:
      '{{count, number}} user is in it, and every user has to be in a group. Move the user to another one first.',
    text_other:
      '{{count, number}} users are in it, and every user has to be in a group. Move them to another one first.',
    show_one: 'Show {{count, number}} user',
    show_other: 'Show {{count, number}} users',
    understood: 'All right'
  }
}
