/** The user's guide, a list of paragraphs a screen; docs/guide.md holds the same text and more. */
export const help = {
  title: 'Help: {{screen}}',
  keys: 'Keys',
  status: [
    'Status says what needs doing, and how many users are how far.',
    'On a new server it lists what is needed before the first phone, in the order in which it should be done: a public name, a certificate that phones trust (they refuse a self-signed one), the mail server, a group that may use the Mobile Client, users, a mail to yourself, and a first scan. The list goes once an app is set up.',
    'What needs attention comes below, the worst first, each with what mends it: a problem keeps users out now, a warning may, advice can wait. What has to be done outside the console is told step by step, with commands to copy.',
    'Codes by day counts the codes that were issued, used, and expired unused on each day of the last 14 or 30; Show as a table gives the numbers. A figure under Users opens the users that it counts. Requests are those that the portal of this program answered.',
    'Support bundle makes one file for whoever helps you: versions, settings without secrets, and the latest of the log. It shows all that the file will hold before it is saved, and gives users numbers in place of their names unless you switch that off. It is in the palette and in the Help menu as well.'
  ],
  users: [
    'Search covers username, name, email and phone. Filters narrow the list further. A press on the name of a column puts the list in its order, another one turns the order round; Columns chooses which columns show. What others change, and what phones do, shows within a second.',
    'A click or Enter opens a user. The first line says what happened last, why, and what the phone shows; the timeline tells the rest.',
    'Issue code makes a new provision code and shows it as a QR code; an earlier live code of the user ends. A code lives until the app tries it or its validity ends. Reveal shows the code for typing and is logged. What you copy is cleared from the clipboard after 60 seconds, if it is still there.',
    'Add user (Ctrl+U; in the desktop window Ctrl+N as well) asks for a username, and for name, address, phone and group. Edit, or F2, changes them beside an open user. Where somebody else changes a field meanwhile, the form says who, when and to what: take that or keep yours. The three dots hold the rest: disable, unlock, take the app away, remove. A removed user can be brought back by Undo, without code and app.',
    'Space selects a user, Shift with the arrow keys several, Ctrl+A all that match. The bar of the selection then mails them codes, prints a sheet, withdraws their codes or disables them; More issues codes into a file, moves them to another group, enables, unlocks or unprovisions them, exports or removes them. A question says how many it concerns. Removing, moving, disabling and enabling can be undone right after, for those who were changed. Whoever was left out is named, with the reason.',
    'Email code, in the bar of the selection, beside an open user, or with Ctrl+E, leads through three steps. Who tells how many get a mail and who is left out and why, and asks how long the codes live and when to send. Look shows the very mail of each recipient and what was checked in it; it issues no code. Send can mail the sample to you first, then queues all mails; their progress shows in the Outbox and in the status bar.',
    'To import users, drop a CSV file on the window or press Ctrl+I. The dialog shows what each column becomes, and what would be added, updated, left as it is, or rejected and why. Where the file names everybody of a group, whoever is missing from it can be disabled; they are counted and named first. Nothing is written before you press Import. The arrow beside Import exports what is listed.'
  ],
  codes: [
    'Codes says what provision codes look like and how guessing is held off. A change is saved with Ctrl+S or Save; until then nothing changes, and leaving the screen asks first.',
    'The measure under the length says how hard a code is to guess: its bits, the chance of somebody who has the attempts before a wait, and of somebody who has 10,000 network addresses and goes on trying for as long as a mailed code is valid. Below 40 bits it warns.',
    'Wrong attempts are counted for each network address (of IPv6, each network of 64 bits) and username, known or not. After five the address waits for that name, 30 s at first and twice as long each time, up to an hour. If wrong attempts for a name come from 50 addresses within an hour, all of them wait. They end the code only where that is switched on.',
    'The limit for each address counts failed attempts whatever names they are for. Put the address of an office behind which many people sit among the trusted networks, one a line.'
  ],
  selfReset: [
    'Self Reset says how long codes live, whether users may ask the User Portal for one, and which addresses the links and pictures in messages begin with.',
    'Users with a mail address are told each time a phone is set up for them, so that they notice where it was somebody else; the notice can be switched off, and its text is a template under Transport.',
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
  portal: [
    'User Portal is the part of the server that phones, mail readers and users reach. This screen says whether it runs and where, what keeps phones out, and what has just been asked of it.',
    'The certificate is what phones judge the server by. The self-signed one is for a try; phones refuse it. Name the files of one that phones trust; renewed files are taken up by themselves.',
    'Behind a proxy, name the proxy, or all requests seem to come from it and share its limits. The list of requests shows kinds of addresses, never codes.'
  ],
  backup: [
    'Backup & Restore makes one file of everything that this server holds, puts such a file back, and says what opens the data key.',
    'A backup is made while everything goes on. It also carries the data key and is sealed by a passphrase, which is kept nowhere: write it down, apart from the file. Keep the file on another machine.',
    'To restore, choose the file, give its passphrase, and look at what it holds beside what there is now. A wrong passphrase or a damaged file changes nothing. After a restore no earlier code is live, mails that were queued are not sent, and apps that changed since the backup are void; the report says how many.',
    'Any one of the key slots opens the data key. Have two that do not lie in the same place, such as the keychain and a passphrase: when a machine is lost, the other one still opens the data. The last one cannot be removed.'
  ],
  log: [
    'The Log holds everything that was done, tried and refused, by whom and when. New entries appear within a second. While you look at older ones they wait, and a button says how many.',
    'Filters narrow the log by user, text, kind and time. A click or Enter opens an entry: its sentence in full, the exact time, and what was changed, before and after. Export takes what the filters leave, as CSV or JSON.',
    'Verify proves that no row of the log was changed, dropped or slipped in since it was written, and names the first row that was. Rows cut off at the end show only against a head that was kept elsewhere: save it now and then.'
  ],
  troubleshooting: [
    'Troubleshooting answers a caller. Choose what the phone says and type whose phone it is: the checks run at once, and the first sentence names the cause, with what shows it and the button that mends it. A button that leads to a setting goes to its very field.',
    'Be the phone does all that an app does, against the public address, with a throw-away code of a user who is deleted afterwards. Each step shows with its time and answer; Raw exchange unfolds what went over the wire.',
    'What is this QR code? takes a picture that is dropped on the window, pasted with Ctrl+V, or opened: whose code it is, whether it is live or why not, whether it is ours, and how well it scans. Of an animated picture only the first frame is read. Nothing that a picture says is opened or fetched.'
  ],
  groups: [
    'Every user is in one group. A group says whether its users may use a Mobile Client and whether they may provision themselves, and by which transport they get their mail; each is changed with one press and can be undone for a few seconds. Templates lead to the mails of the group.',
    'The pencil renames a group; its users stay in it. Removing a group asks where its users go, and moves all of them or none. The number of users opens them in the list.'
  ],
  outbox: [
    'The Outbox shows what was mailed and is to be mailed. Above are the batches, each with how far it is, how fast it goes and how long the rest takes; Pause, Resume and Cancel act on one batch. Cancel sends nothing more and withdraws the codes of the mails that were not sent.',
    'Below are the mails of one batch, or of all, with what the mail server said to each. Deferred mails are tried again by themselves until their code ends. Select failed, unknown or cancelled ones to send them again; where the code is no longer live, the mail gets a new one.',
    'Unknown means that the connection broke after the text was handed over: the mail may or may not have arrived. It is never sent again by itself.',
    'When the mail server refuses the sign-in or the sender, the whole batch stops and says why. Mend it under Server › Transport, press Check there, then Resume here.'
  ],
  transport: [
    'A transport is a mail server and how to use it. Every group uses “default” unless it names another one; Add makes one more. Passwords and client secrets are kept sealed and never shown again, and are sent only to the server they were entered for: whoever changes the host, the port, the security, the own authority or the sign-in enters them again. Each check and each test mail stands in the log.',
    'Check asks the mail server step by step: its name, the connection, TLS, the sign-in, and whether it takes the sender. Send test hands over a whole mail with a sample code. Both use what the fields hold, saved or not.',
    'Embedded QR images show in every mail reader; linked ones are fetched from the User Portal, which many mail readers do not do by themselves. With HTML off a mail is text alone and shows no QR code.',
    'Under Mails are the templates: of the mail with the code, of the notice that a phone was set up, and of the User Portal’s one-time link. Type % or url for the keywords; an unknown keyword is an error. The preview beside the editor is the message that would go out, with a sample code.'
  ],
  sheets: [
    'Print sheets puts provision codes on label stock, on plain paper to be cut, or into letters, one a user. Select users on the Users screen and press Print sheet, or choose here for whom.',
    'A click on the picture of the page chooses the first label, for a page that was begun earlier. What stands beside the code is up to you; a text that is too long is made smaller and then cut.',
    'Print the test page first and hold it with a page of labels against the light. Offset and scale are remembered for each printer. Always print at 100 %, without “fit to page”, on the paper that the sheet is made for: the preview names it.',
    'Make issues the codes, draws the pages and reads every code back from them. What you then see is the file itself; Print and Save take the same bytes. The codes are kept nowhere else: a sheet that is neither printed nor saved is withdrawn when the console closes.',
    'The list says what became of each code. A sheet that was lost can be withdrawn as a whole, and whoever has not used the code gets a new one by Reissue.'
  ]
}
