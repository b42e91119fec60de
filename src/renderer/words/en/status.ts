import type { KeySlotKind } from '../../../shared/key.ts'
import type { ServerStatus } from '../../../shared/status.ts'

export const status = {
  title: 'Status',
  todo: 'What to do next',
  allDone: 'Nothing needs doing.',
  isDone: 'Done',
  isOpen: 'To do',
  inTerminal: 'In a terminal on the server:',
  publicName: {
    title: 'Give the server a public name',
    done: 'Phones are told to go to {{address}}.',
    loopback:
      'Phones are told to go to {{address}}, which only this machine can reach. Set the name by which phones find the server.',
    private: 'Phones are told to go to {{address}}, which only phones in this network can reach.',
    button: 'Set the address…'
  },
  key: {
    title: 'Guard the data key',
    done: {
      keychain: 'The keychain of this machine opens the data key.',
      passphrase: 'A passphrase opens the data key.',
      file: 'A key file opens the data key.'
    } satisfies Record<KeySlotKind, string>,
    open: 'A mere file opened the data key: whoever copies the data folder with it can read everything. Add a passphrase, then remove the file’s slot.'
  },
  import: {
    title: 'Import your users',
    done_one: 'The server knows {{count, number}} user.',
    done_other: 'The server knows {{count, number}} users.',
    open: 'The server knows nobody yet. A CSV file will do; its first line names the columns.',
    button: 'Import users…'
  },
  issue: {
    title: 'Issue a first provision code',
    done: 'Provision codes have been issued.',
    open: 'No user has a code yet. Open a user, issue a code, and scan its QR code with the app.',
    waiting: 'As soon as there is a user.',
    button: 'Choose a user'
  },
  figures: {
    title: 'Users',
    app: 'App',
    code: 'Code',
    nobody: 'No users yet.',
    total_one: '{{count, number}} user',
    total_other: '{{count, number}} users',
    showApp: 'Show the users whose app is: {{state}}',
    showCode: 'Show the users whose code is: {{state}}'
  },
  server: {
    title: 'Server',
    name: 'Name',
    siteId: 'Site ID',
    address: 'Public address',
    scope: {
      loopback: 'this machine only',
      private: 'this network only',
      public: 'public',
      name: 'a name'
    } satisfies Record<ServerStatus['publicAddressScope'], string>,
    folder: 'Data folder',
    version: 'Version'
  }
}
