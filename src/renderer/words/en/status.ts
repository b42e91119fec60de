import type { findingWeights, ServerStatus } from '../../../shared/status.ts'

export const status = {
  title: 'Status',
  todo: 'What to do next',
  allWell: {
    title: 'All is well',
    text: 'Address, certificate, User Portal, outbox, codes, clock, backup and data key were looked at: nothing needs doing.'
  },
  isDone: 'Done',
  isOpen: 'To do',
  exactly: '{{count, number}}',
  atLeast: '{{count, number}} or more',
  publicName: {
    title: 'Give the server a public name',
    done: 'Phones are told to go to {{address}}.',
    loopback:
      'Phones are told to go to {{address}}, which only this machine can reach. Set the name by which phones find the server.',
    private: 'Phones are told to go to {{address}}, which only phones in this network can reach.',
    button: 'Set the address…'
  },
  certificate: {
    title: 'Give the portal a certificate that phones trust',
    done: 'The portal’s certificate is not self-signed.',
    open: 'The portal shows itself with a self-signed certificate, which phones and mail readers refuse. Name the files of one that they trust, or let a proxy hold it.',
    plainHttp: 'Phones are told to go without TLS: whoever is on the way can read codes and security strings.',
    button: 'Set the certificate…'
  },
  transport: {
    title: 'Set up the mail server',
    done: 'Mail goes out by {{host}}.',
    open: 'Codes cannot be mailed yet. Say which mail server takes your mail, and from whom it comes.',
    button: 'Set up mail…'
  },
  group: {
    title: 'Let a group use the Mobile Client',
    done: 'Users of the group “{{group}}” may use a Mobile Client.',
    open: 'No group may use a Mobile Client: its users would be refused their security strings.',
    button: 'Open the groups'
  },
  import: {
    title: 'Import your users',
    done_one: 'The server knows {{count, number}} user.',
    done_other: 'The server knows {{count, number}} users.',
    open: 'The server knows nobody yet. A CSV file will do; its first line names the columns.',
    button: 'Import users…'
  },
  mailToMe: {
    title: 'Mail yourself a sample',
    done: 'A mail has gone out.',
    open: 'Send the mail with a sample code to yourself, and look whether the QR code shows.',
    waiting: 'As soon as the mail server is set up.',
    button: 'Send a sample…'
  },
  scan: {
    title: 'Scan a first code',
    done: 'A first app is set up.',
    open: 'Open a user, issue a code, and scan its QR code with the app on a phone.',
    waiting: 'As soon as there is a user.',
    button: 'Choose a user'
  },
  findings: {
    title: 'What needs attention',
    weights: { fault: 'Problem', warning: 'Warning', advice: 'Advice' } satisfies Record<
      (typeof findingWeights)[number],
      string
    >
  },
  addressNarrow: {
    title: {
      loopback: 'Only this machine reaches the public address',
      private: 'Only this network reaches the public address'
    },
    text: 'Phones are told to go to {{address}}. Set a name by which they find the server from anywhere.',
    mailed: 'Mails lead to {{address}}, so their links and pictures do not work elsewhere. Set a public name.'
  },
  plainHttp: {
    title: 'Phones come without TLS',
    text: 'They are told to go to {{address}}: whoever is on the way can read codes and security strings.',
    button: 'Use HTTPS…'
  },
  certificateSelfSigned: {
    title: 'Phones refuse the certificate',
    text: 'It is self-signed. Name the files of one that phones and mail readers trust, or let a proxy hold it.'
  },
  certificateUnreadable: { title: 'The certificate cannot be used' },
  certificateEnds: {
    title: 'The certificate ends {{when}}',
    over: 'The certificate ended {{when}}',
    text: 'From {{at}} on phones refuse the portal. Put a new certificate in the place of the files; it is taken up by itself.'
  },
  diskFull: {
    title: 'The disk is full',
    text: 'Nothing can be written to {{folder}}: phones are told to come back later, and nothing is saved here. Make room on that disk.',
    button: 'How to make room…'
  },
  portalDown: {
    title: 'The User Portal does not run',
    text: 'Phones, links and pictures in mails get no answer.',
    button: 'Open User Portal'
  },
  portalInConsole: {
    title: 'The portal runs only while this console is open',
    text: 'Once it is closed, phones, links and pictures in mails get no answer.',
    button: 'Run it as a service…'
  },
  outboxStopped: {
    title: 'The outbox stopped',
    text: 'The mail server refused the sign-in or the sender.',
    button: 'Open the batch',
    transport: 'Open Transport'
  },
  mailsUnknown: {
    title_one: '{{mails}} mail may not have arrived',
    title_other: '{{mails}} mails may not have arrived',
    text: 'The connection broke after the text was handed over, in the last 7 days. Ask the users, or send again.',
    button: 'Show them'
  },
  mailsFailed: {
    title_one: '{{mails}} mail could not be sent',
    title_other: '{{mails}} mails could not be sent',
    text: 'In the last 7 days, and nothing newer went to these users. The Outbox has the mail server’s words.',
    button: 'Show them'
  },
  codesExpired: {
    title_one: '{{count, number}} code expired unused',
    title_other: '{{count, number}} codes expired unused',
    text: 'These users did not scan in time and need a new code.',
    email: 'Email new ones…',
    show: 'Show the users'
  },
  clockBehind: {
    title: 'This server’s time runs {{span}} ahead',
    titleSince: 'This server’s time runs {{span}} ahead since {{since}}',
    text: 'Its clock was ahead once, and time has gone on from there: codes are valid for as long as they should be, but emails and the log show the wrong time. Check the clock, then set the time right.',
    setRight: 'Set the time right…',
    button: 'Set the clock…'
  },
  setTimeRight: {
    title: 'Set the time right?',
    text: 'The server’s time is {{now}} and becomes {{clock}}, as its clock says. Is that the right time? {{codes}} and {{links}} that are out expire; their users need new ones. Emails that wait in the outbox stay there. The log keeps the times it was written with.',
    codes_one: '{{count, number}} active code',
    codes_other: '{{count, number}} active codes',
    links_one: '{{count, number}} link',
    links_other: '{{count, number}} links',
    verb: 'Set the time right',
    done: 'The server’s time is {{time}} now; revoked: {{codes}}.'
  },
  backupOld: {
    title: 'The last backup was made {{when}}',
    never: 'There is no backup yet',
    text: 'If this machine is lost, so are users, settings and the data key. A backup holds all of it, sealed by a passphrase.',
    button: 'Make a backup…'
  },
  diskLow: {
    title: 'Only {{megabytes, number}} MB are free on the disk of the data folder',
    text: 'Refused attempts are counted in memory until there is room again; when the disk is full, nobody can set up an app. Free some space.'
  },
  keyFile: {
    title: 'A mere file opens the data key',
    text: 'Whoever copies the data folder with it can read everything. Let the keychain or a passphrase open it.',
    button: 'Guard the key…'
  },
  howTo: {
    service: {
      title: 'Run the portal as a service',
      intro:
        'On a Linux server with systemd. The guide, “Run it as a service”, says more; a console over the same folder then leaves the portal to it.',
      steps: [
        {
          text: 'Make an account and its folders.',
          command:
            'sudo useradd --system --home-dir /var/lib/provision provision && sudo install -d -m 0700 -o provision -g provision /var/lib/provision && sudo install -d -m 0700 /etc/provision'
        },
        {
          text: 'Give the service a key of its own.',
          command:
            'sudo -u provision provision --data /var/lib/provision key add file /var/lib/provision/new-key && sudo install -m 0600 /var/lib/provision/new-key /etc/provision/key && sudo rm /var/lib/provision/new-key'
        },
        {
          text: 'Install the service and start it.',
          command:
            'sudo cp resources/systemd/provision-portal.service /etc/systemd/system/ && sudo systemctl enable --now provision-portal'
        },
        { text: 'On other systems, have this start with the machine.', command: 'provision portal' }
      ]
    },
    clock: {
      title: 'Set the clock',
      intro:
        'Let the machine of the server follow a time server. Codes are not affected; set the server’s time right afterwards.',
      steps: [
        { text: 'On Linux:', command: 'sudo timedatectl set-ntp true' },
        { text: 'On Windows, as administrator:', command: 'w32tm /resync' },
        { text: 'On a Mac:', command: 'sudo sntp -sS time.apple.com' }
      ]
    },
    room: {
      title: 'Make room on the disk',
      intro:
        'Delete or move what is large and not of this console, or enlarge the disk. Nothing in the data folder may be deleted. It goes on by itself once there is room.',
      steps: [
        { text: 'On Linux or a Mac, see what each disk has left:', command: 'df -h' },
        { text: 'See what takes the room:', command: 'sudo du -xh / | sort -h | tail -n 20' },
        { text: 'On Windows:', command: 'cleanmgr' }
      ]
    }
  },
  codes: {
    title: 'Codes by day',
    issued: 'Issued',
    used: 'Used',
    expired: 'Expired unused',
    day: 'Day',
    span: 'How many days',
    days: '{{count}} days',
    table: 'Numbers of each day',
    asTable: 'Show as a table',
    asChart: 'Show as charts',
    label: '{{series}}: {{total, number}} in {{days}} days; most on {{day}}, {{most, number}}',
    most: 'most on one day: {{count, number}}',
    labelNone: '{{series}}: none in {{days}} days'
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
    portal: 'User Portal',
    certificate: 'Certificate',
    certificateEnds: 'ends {{at}}',
    selfSigned: 'self-signed',
    requests: 'Requests',
    requestsToday: '{{today, number}} today, {{lastHour, number}} in the last hour; {{refused, number}} refused today',
    requestsSince: '{{today, number}} since {{at}}, {{lastHour, number}} in the last hour; {{refused, number}} refused',
    requestsElsewhere: 'counted by the program that runs the portal',
    requestsNone: 'none; the portal does not run',
    backup: 'Last backup',
    noBackup: 'none yet',
    folder: 'Data folder',
    version: 'Version'
  }
}
