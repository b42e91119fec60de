export const policy = {
  codes: {
    title: 'Codes',
    code: {
      title: 'Provision code',
      text: 'What the console draws for a user. Codes that are out stay as they are; a change holds for new ones.',
      alphabet: 'Alphabet',
      alphabets: {
        base32: 'Letters and digits, none that look alike (base32)',
        digits: 'Digits only',
        alphanumeric: 'Letters and digits, with U'
      },
      length: 'Length',
      lengthUnit: 'characters',
      strength: '{{bits}} bits: a guesser with {{tries}} has 1 chance in {{odds}}.',
      tries_one: '{{count, number}} try',
      tries_other: '{{count, number}} tries',
      overLife:
        'While a mailed code is valid ({{life}}), somebody with 10,000 network addresses gets {{tries}} at most: 1 chance in {{odds}}.',
      weak: 'Less than 40 bits is within reach of somebody patient. Take a longer code, or an alphabet with letters.',
      example: 'For example {{code}}'
    },
    lock: {
      title: 'Wrong attempts and lock-out',
      text: 'Wrong attempts are counted for each network address and username, known or not. After {{tries}} that address waits {{first}} for that name, and twice as long after each {{count, number}} more, up to {{longest}}. If wrong attempts for a name come from 50 addresses within an hour, all of them wait. An address that sent no wrong code for the name is never refused the right one. A new code from an administrator ends the wait.',
      wrongAttempts: 'Wrong attempts before a lock',
      firstLock: 'First lock',
      longestLock: 'Longest lock',
      endAfter: 'End the code as well',
      endAfterOff: 'No: wrong attempts never end a code.',
      endAfterOn: 'Yes, after',
      endAfterNumber: 'Wrong attempts that end the code',
      endAfterUnit: 'wrong attempts',
      endAfterWarning: 'Whoever knows a username can then end that user’s code by guessing.'
    },
    address: {
      title: 'Limit for each address',
      text: 'Wrong attempts from one address, whichever names they are for. Beyond them, and after five over several users, wrong codes from there are refused without an entry in the log for each; the right code still works.',
      perMinute: 'Failed attempts a minute',
      perMinuteNote: '0 switches the limit off.',
      isOff: 'Off: one address may guess for any number of users.',
      trusted: 'Trusted networks',
      trustedNote:
        'One network a line. Their addresses are not limited: hundreds of people may sit behind that of an office.',
      wrongLine: 'Line {{line, number}}: “{{text}}” is no network.',
      tooMany: 'must be at most {{count, number}} networks'
    },
    unknown: {
      title: 'Unknown usernames',
      hide: 'Hide that a name is unknown',
      hideNote:
        'The app then shows “Invalid Provision Code” for an unknown name too. Nobody can find out names, but a mistyped name is harder to notice.'
    }
  },
  selfReset: {
    title: 'Self Reset',
    validity: {
      title: 'How long a code lives',
      text: 'Written like 10m, 24h, 7d or 1d12h; from 1 minute to 30 days. A change holds for new codes.',
      mail: 'By mail',
      mailNote: 'Counted from the moment the mail server took the message. Also for codes shown at your desk.',
      sheet: 'On a printed sheet',
      portal: 'On the User Portal'
    },
    selfService: {
      title: 'Self-service',
      allow: 'Users may ask for a code',
      note: 'The User Portal then mails a one-time link to users whose group may provision itself. Whoever reads that mail gets the app.',
      noGroup: 'No group may provision itself yet, so nobody gets a link.',
      groups: 'Choose groups',
      count_one: '{{count, number}} group may: {{names}}.',
      count_other: '{{count, number}} groups may: {{names}}.'
    },
    notice: {
      title: 'Phone was set up',
      send: 'Mail users when a phone was set up for them',
      note: 'Whoever did not do it themselves can then say so. A user without a mail address gets none.'
    },
    app: {
      title: 'Link into the app',
      link: 'App link',
      note: 'What “open in the app” leads to. {{placeholder}} stands for the complete URL with Site ID, username and code.'
    },
    urls: {
      title: 'URLs',
      text: 'They follow the server’s host and port until one is set by hand. Links that were mailed stay valid when a URL changes, as long as the old one leads here too.',
      provisioningUrl: 'Provisioning URL',
      settingsUrl: 'Settings URL',
      completeUrl: 'Complete URL',
      qrCodeUrl: 'QR Code URL',
      keyword: 'In templates: {{keyword}}',
      follows: 'Follows host and port.',
      byHand: 'Set by hand.',
      example: 'Example',
      exampleFor: 'The examples are for {{username}}, with the made-up code {{code}}.',
      setDefault: 'Default',
      setDefaultNamed: 'Default: {{label}}'
    }
  },
  mobileClient: {
    title: 'Mobile Client',
    text: 'What users may do in the app. The app is told when it downloads its security strings, so a change reaches an app that is set up with its next download.',
    group: 'In the app',
    allowPinEntry: 'Allow user to enter PIN',
    allowPinEntryNote: 'The app asks for the PIN and shows the one-time code itself.',
    allowOtcExtractionChoice: 'Allow user to choose how to extract OTC',
    allowOtcExtractionChoiceNote: 'The user chooses between entering the PIN and reading the code out of the string.',
    allowStringBrowsing: 'Allow user to browse strings',
    allowStringBrowsingNote: 'The user can go back and forth through the security strings.'
  }
}
