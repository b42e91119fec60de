import type { FolderFinding } from '../../../shared/backup.ts'
import type { KeySlotKind } from '../../../shared/key.ts'

export const backup = {
  title: 'Backup & Restore',
  last: {
    title: 'Last backup',
    made: 'Made {{when}} by {{actor}}.',
    holds_one: '{{count, number}} user, {{size}}.',
    holds_other: '{{count, number}} users, {{size}}.',
    file: 'Written to {{file}} on the server.',
    old: 'That is a while ago: what was done since is in no backup.',
    none: 'No backup was ever made of this server. If its disk fails, every user has to be provisioned again.',
    looking: 'Looking through the log…'
  },
  make: {
    title: 'Make a backup',
    text: 'One file with everything: users, codes, apps, templates, settings, the log, and the data key. It is sealed by a passphrase. Work goes on meanwhile.',
    button: 'Make a backup…',
    verb: 'Make the backup',
    saveNote: 'The file is handed to you for saving. Keep it on another machine.',
    running: 'Making a backup',
    done: 'The backup is made',
    again: 'Save the file again',
    savedAs: 'Handed over for saving as {{file}} ({{size}}).',
    next: 'If you cancelled the saving, press the button below: the file is not kept here.',
    another: 'Make another one'
  },
  passphrase: {
    new: 'Passphrase',
    again: 'Once more',
    forget: 'Nobody can open the file without it. Write it down and keep it apart from the file.',
    show: 'Show the passphrase',
    tooShort_one: 'It needs {{count, number}} more character.',
    tooShort_other: 'It needs {{count, number}} more characters.',
    differ: 'The two differ.',
    least:
      'At least {{least, number}} characters. Four or more words that have nothing to do with each other are easy to keep and hard to guess.',
    weak: 'Weak: a thousand processors that try what people choose find it within {{span}}.',
    fair: 'Fair: a thousand processors that try what people choose need {{span}}.',
    strong: 'Strong: a thousand processors that try what people choose need {{span}}.',
    years_one: 'a year',
    years_other: '{{count, number}} years',
    manyYears: '{{years}} years'
  },
  holds: {
    what: 'What',
    backup: 'Backup',
    now: 'Now',
    server: 'Server',
    siteId: 'Site ID',
    made: 'Made',
    lastEntry: 'Last log entry',
    users: 'Users',
    groups: 'Groups',
    codes: 'Codes, of all states',
    devices: 'Apps',
    auditRows: 'Log entries',
    version: 'Version',
    nothing: '—'
  },
  restore: {
    title: 'Restore a backup',
    text: 'Puts a backup in the place of all that this server holds. You see what it holds before anything changes.',
    choose: 'Choose a backup…',
    chooseAnother: 'Another file…',
    file: 'File',
    passphrase: 'Passphrase of the backup',
    look: 'Look inside',
    looking: 'Opening the backup…',
    tooLarge:
      'The file has {{size, number}} MiB; a browser can hand over {{most, number}}. On the server, “provision restore FILE” takes it.',
    unreadable: '{{file}} cannot be read.',
    compare: 'What it holds, beside what there is now',
    current: {
      empty: 'This server holds nothing yet.',
      unreadable: 'What this server holds cannot be read ({{reason}}): what changed since the backup is lost.'
    } satisfies Record<Exclude<FolderFinding['state'], 'readable'>, string>,
    otherServer:
      'This is the backup of ANOTHER SERVER. Its users, its Site ID and its key take the place of those here; apps that were set up with this server stop working.',
    since_zero: 'Nothing was logged since this backup.',
    since_one: '{{count, number}} log entry since this backup; what it tells of is undone.',
    since_other: '{{count, number}} log entries since this backup; what they tell of is undone.',
    noSequel: 'It is of this server, but what there is now does not go on from it.',
    happens: 'What will happen',
    steps: {
      replace: 'Everything here is replaced: users, groups, codes, settings, templates, the log.',
      codes: 'Every live code is withdrawn and every one-time link ended, so that none that was used lives again.',
      mails: 'Mails that were queued become unknown and are not sent, so that nobody is mailed twice.',
      devices: 'Apps that were set up or taken away since are void, as far as what there is now tells it.',
      keys: 'Key slots of another key are lost; the report names them.',
      logged: 'The log records the restore and where the replaced log ended.'
    },
    button: 'Restore…',
    confirmTitle_one: 'Replace everything by a backup with {{count, number}} user?',
    confirmTitle_other: 'Replace everything by a backup with {{count, number}} users?',
    confirmText: 'What this server holds now is gone for good, unless you have a backup of it: {{now}}.',
    verb_one: 'Replace everything, restore {{count, number}} user',
    verb_other: 'Replace everything, restore {{count, number}} users',
    nowUsers_one: '{{count, number}} user',
    nowUsers_other: '{{count, number}} users',
    running: 'Restoring',
    kept: 'Nothing was changed.',
    done: 'Restored',
    doneToast: 'The backup is restored.',
    restored_one: 'The backup of {{made}} is in place: {{count, number}} user.',
    restored_other: 'The backup of {{made}} is in place: {{count, number}} users.',
    withdrawn_zero: 'No code was live.',
    withdrawn_one: '{{count, number}} live code withdrawn.',
    withdrawn_other: '{{count, number}} live codes withdrawn.',
    endedLinks_zero: 'No one-time link led to a code.',
    endedLinks_one: '{{count, number}} one-time link ended.',
    endedLinks_other: '{{count, number}} one-time links ended.',
    voided_zero: 'No app had changed since.',
    voided_one: '{{count, number}} app void, because it had changed since.',
    voided_other: '{{count, number}} apps void, because they had changed since.',
    returned_one: '{{count, number}} user is back who had been disabled or removed since: {{names}}.',
    returned_other: '{{count, number}} users are back who had been disabled or removed since: {{names}}.',
    unread: 'Not all that was replaced could be read ({{reason}}): check which apps are to be kept.',
    lost: 'This key slot is gone: {{slot}}. Add it again below.',
    another: 'Restore another one'
  },
  problems: {
    wrongPassphrase: 'This is not the passphrase of this backup.',
    damaged: 'This file is no backup, or is damaged.',
    newer: 'The backup was made by a newer version of this program. Update the program, then restore it.',
    busy: 'Another program has the data folder open.'
  },
  keys: {
    title: 'What opens the data key',
    text: 'Everything secret here is sealed by one data key. It lies in the data folder, and any one of these opens it, like one of several keys to one door.',
    kinds: { keychain: 'Keychain of this machine', passphrase: 'Passphrase', file: 'Key file' } satisfies Record<
      KeySlotKind,
      string
    >,
    why: {
      keychain: 'Opens by itself for whoever is signed in to this machine.',
      passphrase: 'Asked for at each start, or given by PROVISION_PASSPHRASE. Not on the disk at all.',
      file: 'Opens by itself, for a service. Whoever can copy the file and the data folder can read everything.'
    } satisfies Record<KeySlotKind, string>,
    added: 'added {{when}}',
    inUse: 'Opened this program',
    addPassphrase: 'Add a passphrase…',
    addFile: 'Add a key file…',
    addKeychain: 'Add the keychain',
    addedToast: '{{slot}} added.',
    passphraseTitle: 'Add a passphrase',
    passphraseText: 'It opens the data key when nothing else does: on another machine, or when the keychain is lost.',
    passphraseVerb: 'Add the passphrase',
    fileTitle: 'Add a key file',
    fileText:
      'A page in a browser may not say where the server puts a key that opens everything. On the server, a command does:',
    fileNote:
      'The file is made there for its owner’s eyes alone; one that is there already is taken. Put it on a disk of its own, or hand it to a service as a credential.',
    remove: 'Remove {{slot}}',
    lastSlot: 'This is the only one: without it nothing opens the data. Add another one first.',
    removeTitle: 'Remove {{slot}}?',
    removeText: 'From the next start it opens nothing any more.',
    removeInUse: 'It opened this program. At the next start another one has to, such as {{other}}.',
    removeFile: 'The file itself stays; delete it by hand.',
    removeVerb: 'Remove {{slot}}',
    removed: '{{slot}} removed.'
  },
  size: { kib: '{{size}} KiB', mib: '{{size}} MiB' }
}
