import type { BatchState, MessageState } from '../../../shared/outbox.ts'

export const outbox = {
  title: 'Outbox',
  waiting_one: '{{count, number}} mail is waiting',
  waiting_other: '{{count, number}} mails are waiting',
  batches: 'Batches',
  batch: {
    name_one: '{{count, number}} mail',
    name_other: '{{count, number}} mails',
    made: '{{when}}, by {{actor}}',
    starts: 'starts {{when}}',
    done: '{{done, number}} of {{total, number}}',
    progress: 'Progress of the batch of {{when}}',
    rate: '{{rate, number}} a minute',
    left: '{{span}} left',
    failed_one: '{{count, number}} failed',
    failed_other: '{{count, number}} failed',
    unknown_one: '{{count, number}} unknown',
    unknown_other: '{{count, number}} unknown',
    deferred_one: '{{count, number}} deferred',
    deferred_other: '{{count, number}} deferred',
    nextTry: 'Next try {{when}}.',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel…',
    show: 'Show the mails of this batch',
    cancelTitle_one: 'Cancel {{count, number}} mail that is not sent yet?',
    cancelTitle_other: 'Cancel {{count, number}} mails that are not sent yet?',
    cancelText: 'They are not sent, and their codes are withdrawn. Mails that have gone out already keep their codes.',
    cancelVerb_one: 'Cancel {{count, number}} mail',
    cancelVerb_other: 'Cancel {{count, number}} mails',
    keep: 'Keep sending',
    cancelled_one: '{{count, number}} mail cancelled.',
    cancelled_other: '{{count, number}} mails cancelled.',
    older: 'Show older batches'
  },
  states: {
    scheduled: 'scheduled',
    sending: 'sending',
    paused: 'paused',
    stopped: 'stopped',
    cancelled: 'cancelled',
    done: 'done'
  } satisfies Record<BatchState, string>,
  messageStates: {
    queued: 'queued',
    sending: 'sending',
    sent: 'sent',
    deferred: 'deferred',
    failed: 'failed',
    unknown: 'unknown',
    cancelled: 'cancelled'
  } satisfies Record<MessageState, string>,
  messageHints: {
    queued: 'Waits for its turn.',
    sending: 'Is being handed to the mail server right now.',
    sent: 'The mail server took it.',
    deferred: 'The mail server refused it for the moment; it is tried again by itself until the code ends.',
    failed: 'The mail server refused it for good, or the code ended first.',
    unknown: 'The connection broke after the text was handed over; it may or may not have arrived.',
    cancelled: 'Was not sent, and its code is withdrawn.'
  } satisfies Record<MessageState, string>,
  noSender: 'No program is sending at present. The mails wait here until this console, or its service, sends them.',
  messages: {
    title: 'Mails',
    all: 'All mails',
    ofBatch: 'Batch of {{when}}',
    noBatch: 'Notices and one-time links',
    showAll: 'Show the mails of all batches',
    states: 'State of the mails',
    anyState: 'All',
    username: 'Username',
    findUsername: 'Exact username',
    clearUsername: 'Clear the username',
    columns: {
      select: 'Selected',
      state: 'State',
      username: 'Username',
      address: 'Address',
      response: 'What the mail server said',
      attempts: 'Tries',
      when: 'When'
    },
    select: 'Select the mail to {{username}}',
    selectAll: 'Select all that can be sent again',
    nextTry: 'next try {{when}}',
    nothingYet: 'not tried yet',
    kinds: { code: 'Code', notice: 'Notice', link: 'One-time link' },
    more: 'Show more',
    none: 'No mail matches',
    noneText: 'No mail is in this state, or the user got none.',
    unknownTitle: 'Unknown:',
    unknownExplained:
      'the connection broke after the text was handed over; it may or may not have arrived. Nothing is sent again by itself, so that nobody gets two codes. Ask the user, or look into the mail server’s log by the Message-ID, before you send it again.'
  },
  retry: {
    selected_one: '{{count, number}} mail selected',
    selected_other: '{{count, number}} mails selected',
    clear: 'Clear the selection',
    bar: 'Selected mails',
    button: 'Send again…',
    allButton_one: 'Send {{count, number}} again…',
    allButton_other: 'Send all {{count, number}} again…',
    title_one: 'Send {{count, number}} mail again?',
    title_other: 'Send {{count, number}} mails again?',
    text: 'Where the code is no longer live, a new one is issued, and the mail says so.',
    unknownText:
      'Of some it is unknown whether they have arrived: those users may get the mail twice. Where the code is no longer live, a new one is issued.',
    verb_one: 'Send {{count, number}} mail again',
    verb_other: 'Send {{count, number}} mails again',
    running: 'Sending again',
    done_one: '{{count, number}} mail is queued again.',
    done_other: '{{count, number}} mails are queued again.'
  },
  empty: {
    title: 'Nothing has been mailed yet',
    text: 'Select users, then choose Email code…: each gets a mail with a QR code. What is sent, and what the mail server says to it, shows here.',
    button: 'Go to Users'
  },
  statusBar: {
    sending: 'Sending {{done, number}} of {{total, number}}',
    deferred_one: '{{count, number}} mail is tried again {{when}}',
    deferred_other: '{{count, number}} mails are tried again {{when}}',
    stopped: 'Sending is stopped',
    stoppedHint: 'The outbox says why.'
  }
}
