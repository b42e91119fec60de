export const user = {
  gone: 'There is no user “{{username}}” any more.',
  diagnose: 'Diagnose',
  details: {
    group: 'Group',
    email: 'Email',
    phone: 'Phone',
    app: 'App',
    code: 'Code',
    none: 'none',
    overview: 'Overview',
    timeline: 'Timeline',
    noTimeline: 'Nothing has happened yet.'
  },
  answer: {
    disabled: 'Disabled: every attempt is refused.',
    locked: 'Locked until {{until}} after wrong codes; even the right code is refused.',
    refused: 'Tried {{ago}} from {{address}}: {{reason}}.',
    passedNoStrings: 'The app was set up {{ago}} from {{address}}, but has not downloaded its security strings.',
    stringsRefused: 'The app was refused its security strings {{ago}}: {{reason}}.',
    provisioned: 'The app was provisioned {{when}}.',
    live: 'A code is live and ends {{when}}; nobody has tried it yet.',
    ended: 'The code is {{state}} and no app is set up.',
    nothing: 'No app and no code yet.',
    shown: 'The app shows “{{text}}”.'
  },
  code: {
    title: 'QR code',
    validity: 'Valid for',
    validities: {
      default: 'Default ({{span}})',
      hour: '1 hour',
      day: '24 hours',
      week: '7 days',
      until: 'Until a date…'
    },
    until: 'Until',
    untilHint: 'In {{zone}}; at most 30 days from now.',
    untilWrong: 'Choose a time from one minute to 30 days from now.',
    issue: 'Issue code',
    email: 'Email code…',
    issueAgain: 'Issue a new code',
    askTitle: 'End the live code of {{username}}?',
    askText:
      '{{username}} has a live code that ends {{when}}. A new one ends it at once: a QR code already sent or printed stops working.',
    askVerb: 'End it and issue a new one',
    alt: 'QR code that provisions the app of {{username}}',
    endsAt: 'Ends {{when}}, on {{at}}',
    reveal: 'Reveal the code',
    hide: 'Hide the code',
    typed: 'Code to type',
    url: 'Provision URL',
    copyCode: 'Copy the code',
    copyUrl: 'Copy the provision URL',
    withdraw: 'Withdraw…',
    withdrawTitle: 'Withdraw the live code of {{username}}?',
    withdrawText: 'It ends at once and cannot be brought back: a QR code already sent or printed stops working.',
    withdrawVerb: 'Withdraw 1 code',
    withdrawn: 'The code of {{username}} is withdrawn.',
    noneToWithdraw: '{{username}} has no live code any more.',
    disabled: 'Enable the user before issuing a code.',
    over: {
      used: 'This code has been used: the app is set up.',
      failed: 'This code ended after wrong attempts.',
      expired: 'This code has expired.',
      superseded: 'A newer code has replaced this one.',
      withdrawn: 'This code has been withdrawn.',
      none: 'This code has ended.'
    },
    otherLive: 'A code is live. Its QR code can be shown only when it is issued.'
  },
  act: {
    disableTitle: 'Disable {{username}} and end the live code?',
    disableText: 'The live code ends at once and cannot be brought back. The user can be enabled again.',
    disableVerb: 'Disable and withdraw 1 code',
    disable: 'Disable',
    enable: 'Enable',
    disabled: '{{username}} is disabled.',
    enabled: '{{username}} is enabled.'
  }
}
