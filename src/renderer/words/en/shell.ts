export const shell = {
  app: {
    name: 'Provision Console',
    navigation: 'Screens',
    overlays: 'Menus, dialogs and messages',
    skipToContent: 'Skip to the content',
    more: 'Appearance and help',
    siteId: 'Site ID {{siteId}}',
    sections: { policy: 'Policy', server: 'Server' },
    loading: 'Loading…'
  },
  actions: {
    cancel: 'Cancel',
    close: 'Close',
    copyNamed: 'Copy {{what}}',
    retry: 'Try again',
    undo: 'Undo',
    reload: 'Reload the console'
  },
  leftOut: {
    show: 'Show all',
    dialog: 'Left out',
    title_one: '{{count, number}} user left out',
    title_other: '{{count, number}} users left out',
    username: 'Username',
    reason: 'Reason',
    save: 'Save as CSV…',
    fileName: 'left-out'
  },
  commands: {
    sections: { go: 'Screens', users: 'Users', user: 'This user', view: 'View', edit: 'Edit' },
    goTo: 'Go to {{screen}}',
    openPalette: 'Search commands and users',
    focusSearch: 'Find',
    openHelp: 'Help for this screen',
    support: 'Support bundle…',
    themeSystem: 'Appearance: same as the system',
    themeLight: 'Appearance: light',
    themeDark: 'Appearance: dark',
    addUser: 'Add user…',
    importUsers: 'Import users…',
    exportUsers: 'Export listed users as CSV…',
    clearFilters: 'Clear search and filters',
    emailCode: 'Email code…',
    onSelected_one: '{{act}} ({{count, number}} user)',
    onSelected_other: '{{act}} ({{count, number}} users)',
    emailUser: 'Email a code to this user…',
    issueCode: 'Issue code',
    withdrawCode: 'Withdraw code…',
    linkUser: 'Make a link to a QR code',
    editUser: 'Edit user',
    unlockUser: 'Unlock user',
    disableUser: 'Disable user',
    enableUser: 'Enable user',
    unprovisionUser: 'Unprovision user…',
    diagnoseUser: 'Diagnose user',
    removeUser: 'Remove user',
    closeUser: 'Close user',
    closeBeside: 'Close what is open beside the list',
    undo: 'Undo',
    addGroup: 'Add a group',
    saveChanges: 'Save the changes',
    discardChanges: 'Discard the changes'
  },
  palette: {
    label: 'Commands',
    placeholder: 'Type a command, or the name of a user',
    users: 'Users by that name',
    empty: 'Nothing matches “{{query}}”.'
  },
  theme: { label: 'Appearance', system: 'Same as the system', light: 'Light', dark: 'Dark' },
  search: { label: 'Search users', clear: 'Clear the search' },
  statusBar: {
    label: 'Server and tasks',
    keyFile: 'Key opened by a file',
    keyFileHint: 'Whoever copies the data folder with the file can read everything. Status says what to do.',
    clockBehind: 'Time runs {{span}} ahead',
    clockBehindHint: 'The server’s clock was ahead once, and its time has gone on from there. Status can set it right.',
    lost: 'The console does not answer; trying again…',
    progress: '{{done, number}} of {{total, number}}',
    cancelTask: 'Cancel “{{label}}”',
    cancelling: 'Stopping…'
  },
  clipboard: {
    copied: 'Copied.',
    copiedSecret: 'Copied. In 60 seconds it is cleared from the clipboard, if it is still there.',
    failed: 'The clipboard could not be written. Select the text and copy it by hand.'
  }
}
