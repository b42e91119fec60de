export const support = {
  title: 'Support bundle',
  intro:
    'One file for whoever helps you. Look at what it holds, then save it. Nothing is sent anywhere, and passwords, keys and codes are never in it.',
  pseudonyms: 'Give users numbers in place of their names',
  pseudonymsNote:
    'Users, accounts, groups and network addresses become user-1, account-1 and so on. Without it the log names people as it is.',
  parts: {
    about: 'About this bundle',
    versions: 'Versions',
    settings: 'Settings, without secrets',
    groups: 'Groups',
    users: 'How many users are in which state',
    log: 'The latest of the log',
    programLog: 'The latest of the program’s own log'
  },
  entries_one: '{{count, number}} entry',
  entries_other: '{{count, number}} entries',
  lines_one: '{{count, number}} line',
  lines_other: '{{count, number}} lines',
  file: '{{name}}, {{size}}',
  partText: '{{part}}, as it is saved',
  save: 'Save the bundle',
  saved: '{{name}} is saved where your downloads go.',
  loading: 'Collecting…'
}
