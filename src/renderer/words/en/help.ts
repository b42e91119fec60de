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
    'To import users, drop a CSV file on the window or press Ctrl+I. The dialog shows what each column becomes, and what would be added, updated, left as it is, or rejected and why. Nothing is written before you press Import.'
  ]
}
