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
  ],
  sheets: [
    'Print sheets puts provision codes on label stock, on plain paper to be cut, or into letters, one a user. Select users on the Users screen and press Print sheet, or choose here for whom.',
    'A click on the picture of the page chooses the first label, for a page that was begun earlier. What stands beside the code is up to you; a text that is too long is made smaller and then cut.',
    'Print the test page first and hold it with a page of labels against the light. Offset and scale are remembered for each printer. Always print at 100 %, without “fit to page”.',
    'Make issues the codes, draws the pages and reads every code back from them. What you then see is the file itself; Print and Save take the same bytes. The codes are kept nowhere else: a sheet that is neither printed nor saved is withdrawn when the console closes.',
    'The list says what became of each code. A sheet that was lost can be withdrawn as a whole, and whoever has not used the code gets a new one by Reissue.'
  ]
}
