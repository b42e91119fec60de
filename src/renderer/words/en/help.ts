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
  codes: [
    'Codes says what provision codes look like and how guessing is held off. A change is saved with Ctrl+S or Save; until then nothing changes, and leaving the screen asks first.',
    'The measure under the length says how hard a code is to guess: its bits, the chance of somebody who has the attempts before a lock, and of somebody who goes on trying for as long as a mailed code lives. Below 40 bits it warns.',
    'Wrong attempts are counted for each username. They lock the name for a while, longer each time; they end the code only where that is switched on.',
    'The limit for each address counts failed attempts whatever names they are for. Put the address of an office behind which many people sit among the trusted networks, one a line.'
  ],
  selfReset: [
    'Self Reset says how long codes live, whether users may ask the User Portal for one, and which addresses the links and pictures in messages begin with.',
    'The four URLs follow the host and port of Name & Site ID until one is set by hand; Default lets it follow again. Each shows what comes of it for a user of this server, with a made-up code.',
    'The app link is what “open in the app” leads to on a phone; {url3} in it stands for the complete URL with Site ID, username and code.'
  ],
  mobileClient: [
    'Mobile Client says what users may do in the app. The app is told when it downloads its security strings, so a change reaches an app that is set up with its next download.'
  ],
  name: [
    'Name & Site ID says what this server is called, by which number apps find it, and where phones are told to go. The public address shows while you type, with a warning where phones could not reach it.',
    'The Site ID is in every QR code and link. Change it only before codes are handed out: those that are out stop working, and the console asks before it saves.'
  ],
  groups: [
    'Every user is in one group. A group says whether its users may use a Mobile Client and whether they may provision themselves; both are changed with one press and can be undone for a few seconds.',
    'The pencil renames a group; its users stay in it. A group can be removed once nobody is in it. The number of users opens them in the list.'
  ]
}
