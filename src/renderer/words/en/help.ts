/** The user's guide, a list of paragraphs a screen; docs/guide.md holds the same text and more. */
export const help = {
  title: 'Help: {{screen}}',
  keys: 'Keys',
  status: [
    'Status says what needs doing, in the order in which it should be done, and how many users are how far.',
    'A new server needs a name that phones can reach, a guarded data key, users, and a first provision code. Each step shows a button, or a command for a terminal on the server.',
    'A figure opens the users that it counts.'
  ],
  users: [
    'Search covers username, name, email and phone. Filters narrow the list further. What others change, and what phones do, shows within a second.',
    'A click or Enter opens a user. The first line says what happened last, why, and what the phone shows; the timeline tells the rest.',
    'Issue code makes a new provision code and shows it as a QR code; an earlier live code of the user ends. A code lives until the app tries it or its validity ends. Reveal shows the code for typing and is logged. What you copy is cleared from the clipboard after 60 seconds, if it is still there.',
    'Space selects a user, Shift with the arrow keys several, Ctrl+A all that match. Selected users can be disabled, enabled, or have their codes withdrawn together.',
    'Email code, in the bar of the selection, beside an open user, or with Ctrl+E, leads through three steps. Who tells how many get a mail and who is left out and why, and asks how long the codes live and when to send. Look shows the very mail of each recipient and what was checked in it; it issues no code. Send can mail the sample to you first, then queues all mails; their progress shows in the Outbox and in the status bar.',
    'To import users, drop a CSV file on the window or press Ctrl+I. The dialog shows what each column becomes, and what would be added, updated, left as it is, or rejected and why. Nothing is written before you press Import.'
  ],
  outbox: [
    'The Outbox shows what was mailed and is to be mailed. Above are the batches, each with how far it is, how fast it goes and how long the rest takes; Pause, Resume and Cancel act on one batch. Cancel sends nothing more and withdraws the codes of the mails that were not sent.',
    'Below are the mails of one batch, or of all, with what the mail server said to each. Deferred mails are tried again by themselves until their code ends. Select failed, unknown or cancelled ones to send them again; where the code is no longer live, the mail gets a new one.',
    'Unknown means that the connection broke after the text was handed over: the mail may or may not have arrived. It is never sent again by itself.',
    'When the mail server refuses the sign-in or the sender, the whole batch stops and says why. Mend it under Server › Transport, press Check there, then Resume here.'
  ],
  transport: [
    'A transport is a mail server and how to use it. Every group uses “default” unless it names another one; Add makes one more. Passwords and client secrets are kept sealed and never shown again.',
    'Check asks the mail server step by step: its name, the connection, TLS, the sign-in, and whether it takes the sender. Send test hands over a whole mail with a sample code. Both use what the fields hold, saved or not.',
    'Embedded QR images show in every mail reader; linked ones are fetched from the User Portal, which many mail readers do not do by themselves. With HTML off a mail is text alone and shows no QR code.',
    'Under Mails are the templates: of the mail with the code, of the notice that a phone was set up, and of the User Portal’s one-time link. Type % or url for the keywords; an unknown keyword is an error. The preview beside the editor is the message that would go out, with a sample code.'
  ]
}
