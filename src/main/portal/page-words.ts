import { longMoment } from '../system/moments.ts'
import type { SignedCode } from '../links/signed-codes.ts'
import type { ReprovisionRefusal } from '../links/one-time-links.ts'
import { appErrorTexts } from '../../shared/app-errors.ts'

/** Every text of the portal's pages. */
export const pageWords = {
  home: {
    title: 'User Portal',
    intro: 'Here you get a QR code with which the authenticator app on your phone is set up.',
    askAdministrator: 'Ask your administrator for a QR code. It comes by email, on paper, or as a link to this site.',
    askHere: 'Enter your username. If it is known here and may use this, a link is sent to your email address.',
    username: 'Username',
    send: 'Send me a link',
    sent: 'If this username is known here and may use this, an email with a link is on its way. Look into your mailbox in a few minutes; ask your administrator if nothing comes.'
  },
  code: {
    title: 'Set up the app',
    for: 'For',
    at: 'at',
    imageAlt: 'QR code that sets up the app. If you cannot scan it, type in the code below.',
    steps: [
      'Install the Mobile Client app, version 2.1.1 or later, on a phone or tablet with a camera.',
      'In the app tap on the Information “i” icon, then About, then Scan QR Code.',
      'Hold the camera so that the whole QR code can be seen, and wait until the app has recognised it.'
    ],
    openInApp: 'Open in the app',
    onThisPhone: 'Are you reading this on the phone itself? Then you need no camera:',
    typed: 'No camera? Type this into the app:',
    siteId: 'Site ID',
    username: 'Username',
    provisionCode: 'Provision code',
    expires: 'It can be used once, until',
    keepToYourself: 'Show this page to nobody: whoever scans the QR code gets your app.'
  },
  unsigned: {
    title: 'Open this in the app',
    text: 'This address belongs into the Mobile Client app. Scan the QR code with the app itself: tap on the Information “i” icon, then About, then Scan QR Code.',
    onThisPhone: 'Is the app on this phone? Then open it from here:'
  },
  settings: {
    title: 'Server settings',
    text: 'What the app needs to find this server. It fetches all of this by itself, given the Site ID.',
    name: 'Name',
    siteId: 'Site ID',
    host: 'Server',
    port: 'Port',
    ssl: 'SSL',
    connectionType: 'Connection type',
    yes: 'Yes',
    no: 'No',
    unknown: `${appErrorTexts['unknown-server-id']}: this server has another Site ID. Look into the email or the sheet that you were given, or ask your administrator.`
  },
  reprovision: {
    title: 'Show my QR code',
    text: 'The button shows a QR code with which the app on your phone is set up. It works once, for a few minutes, so have the phone ready. An earlier code of yours ends.',
    button: 'Show my QR code'
  },
  refusal: {
    title: 'This does not work any more',
    askAgain: 'Ask your administrator if you need a new one.'
  }
} as const

const disabledSentence = 'Your account is disabled.'
const removedSentence = `${appErrorTexts['reprovision-url']}: this user is not known here any more.`

const endSentences: Record<SignedCode['state'], (code: SignedCode) => string> = {
  used: () => 'This code has been used: an app was set up with it.',
  expired: ({ expiresAtMs }) => `This code has expired on ${longMoment(expiresAtMs)}.`,
  superseded: () => 'You have been given a newer code; this one has ended.',
  withdrawn: () => 'This code was withdrawn.',
  failed: () => 'This code has ended because a wrong one was tried too often.',
  live: () => 'This code is not valid.',
  unknown: () => 'This code is not valid.'
}

/** Why the code of a signed link sets up nothing: one plain sentence. */
export function codeRefusal(code: SignedCode): string {
  if (code.isUserGone) return removedSentence
  return code.isUserDisabled ? disabledSentence : endSentences[code.state](code)
}

export const linkRefusals: Record<ReprovisionRefusal, string> = {
  unknown: 'This link is not valid.',
  used: 'This link has been used: it shows a QR code once.',
  expired: 'This link has expired, or you have been given a newer one.',
  'user-removed': removedSentence,
  'user-disabled': disabledSentence
}
