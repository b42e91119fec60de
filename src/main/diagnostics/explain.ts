import type { Cause, CheckStep, Diagnosis, Symptom } from '../../shared/diagnostics.ts'
import { publicAddress, type Settings } from '../../shared/settings.ts'
import type { Act } from '../system/operation.ts'
import { formatQrText } from '../links/provision-links.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { testLink, type LinkParts } from './link-test.ts'
import { checkMail, embeddedAdvice, type MailCheck, type MailCheckParts } from './mail-check.ts'
import type { CheckOptions } from './path-check.ts'
import { checkServer } from './server-check.ts'
import { accountCauses, codeCauses, selfServiceCauses, stringsCauses, textCauses, unseenCauses } from './user-causes.ts'
import { readUserFacts, type UserCheckParts, type UserFacts } from './user-facts.ts'

/** What a symptom is explained from; each check is run once, and only where the symptom asks for it. */
interface Findings {
  settings: Settings
  user: UserFacts | null
  server: () => Promise<Cause[]>
  picture: () => Promise<Cause[]>
  mail: () => Promise<MailCheck>
}

/**
 * Why a phone shows what it shows: for each symptom the causes that there can be, in the order in which they are to be thought of.
 * What is certain goes before what is likely, whatever the order here.
 */
const table: Record<Symptom, (findings: Findings) => Promise<Cause[]>> = {
  'unknown-server-id': async ({ user, server, settings }) => {
    const fromServer = await server()
    return [
      ...(user ? textCauses(user, settings['server.siteId']) : []),
      ...only(fromServer, ['site-id-foreign', 'foreign-server']),
      advice(
        'site-id-mistyped',
        `The server answers for the Site ID ${settings['server.siteId']}. The app shows this error where it was given another, or none: let it scan the QR code, or correct the number in the app.`,
        { kind: 'setting', key: 'server.siteId' }
      )
    ]
  },
  'server-connection': async ({ user, server, settings }) => {
    const fromServer = await server()
    return [
      // Certain ones among the server's come first whatever stands here.
      ...(user ? textCauses(user, settings['server.siteId']) : []),
      ...fromServer.filter(({ id }) => id !== 'clock-wrong'),
      advice(
        'phone-side',
        `From here everything answers at ${publicAddress(settings)}. Let the phone open that address in its browser; if it cannot, its network, a filter or its clock is the cause.`,
        { kind: 'elsewhere', command: null }
      )
    ]
  },
  'invalid-username': async ({ user, settings }) => [
    ...(user ? [...accountCauses(user), ...textCauses(user, settings['server.siteId']), ...unseenCauses(user)] : []),
    user
      ? advice(
          'name-mistyped',
          'The user is known and enabled. Let the app scan the QR code instead of typing the name.',
          issueTo(user)
        )
      : chooseUser('The app shows this for a name that nobody has, and for a user who is disabled.')
  ],
  'invalid-provision-code': async ({ user, server }) => {
    const isLive = user?.user?.code === 'live'
    const clock = isLive ? [] : only(await server(), ['clock-wrong'])
    return [
      ...(user ? accountCauses(user) : []),
      ...clock,
      ...(user ? [...codeCauses(user), ...unseenCauses(user)] : []),
      user
        ? advice(
            'phone-side',
            isLive
              ? `The code of ${user.username} is live and nobody has tried a wrong one since. Let the phone scan the newest QR code.`
              : 'Issue a new code and let the phone scan it.',
            issueTo(user)
          )
        : chooseUser('The app shows this for a code that is wrong, used, expired, superseded or withdrawn.')
    ]
  },
  'downloading-security-strings': async ({ user, server }) => [
    ...(user ? [...accountCauses(user).filter(({ id }) => id !== 'name-mistyped'), ...stringsCauses(user)] : []),
    ...only(await server(), ['portal-down', 'answer-wrong']),
    user
      ? advice(
          'phone-side',
          'Let the app ask for its strings again; if it fails once more, issue a new code.',
          issueTo(user)
        )
      : chooseUser(
          'The app shows this where the user’s group may not use a Mobile Client, or another app took its place.'
        )
  ],
  'reprovision-url': async ({ user, settings }) => [
    ...(user
      ? [
          ...accountCauses(user).filter(({ id }) => id !== 'name-mistyped'),
          ...codeCauses(user),
          ...selfServiceCauses(user, settings)
        ]
      : []),
    user
      ? advice(
          'phone-side',
          'The portal shows this for a user who has been removed. The user is there now: issue a new code.',
          issueTo(user)
        )
      : chooseUser('The portal shows this for a user who has been removed.')
  ],
  'mail-image': async ({ mail, picture }) => {
    const { causes, isLinked } = await mail()
    return [...causes, ...(isLinked ? await picture() : [embeddedAdvice])]
  },
  'unreadable-code': async ({ settings, user }) => [
    ...longText(settings, user?.username),
    advice(
      'camera-side',
      'Make the code larger, leave its white border free, turn the screen brighter and hold the phone straight. Open a picture of it under “What is this QR code?” to see what hinders it.',
      { kind: 'screen', screen: 'troubleshooting', item: 'qr', field: null }
    )
  ]
}

function only(causes: Cause[], ids: Cause['id'][]): Cause[] {
  return causes.filter(({ id }) => ids.includes(id))
}

function advice(id: Cause['id'], sentence: string, cure: Cause['cure']): Cause {
  return { id, weight: 'advice', sentence, evidence: [], cure }
}

const issueTo = ({ username }: UserFacts): Cause['cure'] => ({ kind: 'user', act: 'issue', username })

/** What can be said of nobody in particular. */
function chooseUser(meaning: string): Cause {
  return advice('phone-side', `${meaning} Choose the user whose app it is.`, {
    kind: 'screen',
    screen: 'users',
    item: null,
    field: null
  })
}

/** A mail shows a picture about so wide; beyond this a module gets less than four pixels there. */
const mostModules = 61

function longText(settings: Settings, username = 'username'): Cause[] {
  const text = formatQrText(settings, { username, code: 'X'.repeat(settings['policy.codes.length']) })
  const { size } = createQrMatrix(text)
  if (size <= mostModules) return []
  return [
    {
      id: 'camera-side',
      weight: 'suspicion',
      sentence: `The code holds ${text.length} characters and has ${size} modules a side, which small screens show too finely. Shorten the complete URL.`,
      evidence: [`It begins with ${settings['policy.selfReset.completeUrl']}.`],
      cure: { kind: 'setting', key: 'policy.selfReset.completeUrl' }
    }
  ]
}

const weights = ['fault', 'suspicion', 'advice'] as const

/** The certain causes first; the same cause once. Advice stands only where nothing is certain. */
export function rank(causes: readonly Cause[]): Cause[] {
  const sorted = weights.flatMap((weight) => causes.filter((cause) => cause.weight === weight))
  const isSure = sorted.some(({ weight }) => weight === 'fault')
  return sorted.filter(
    (cause, index) =>
      sorted.findIndex(({ id, sentence }) => id === cause.id && sentence === cause.sentence) === index &&
      !(isSure && cause.weight === 'advice')
  )
}

/** Runs the checks of a symptom, for a user where one is given, and names the causes, the most likely first. */
export async function explain(
  parts: LinkParts & MailCheckParts & UserCheckParts,
  { symptom, username }: { symptom: Symptom; username: string | undefined },
  act: Act,
  options: CheckOptions = {}
): Promise<Diagnosis> {
  const settings = await parts.settings.read()
  const steps: CheckStep[] = []
  const user = username === undefined ? null : await readUserFacts(parts, username)
  const causes = await table[symptom]({
    settings,
    user,
    async server() {
      const checked = await checkServer(parts, settings, options)
      steps.push(...checked.steps)
      return checked.causes
    },
    mail: () => checkMail(parts, user, act),
    async picture() {
      const tested = await testLink(parts, 'qrCodeUrl', act, options)
      steps.push(...tested.steps)
      return tested.causes
    }
  })
  return { symptom, username: user?.username ?? null, causes: rank(causes), steps }
}

/** Everything that is wrong with one user, whatever the phone shows; nothing for one whose app works or whose code is live. */
export async function checkUser(parts: LinkParts & UserCheckParts, username: string): Promise<Cause[]> {
  const settings = await parts.settings.read()
  const facts = await readUserFacts(parts, username)
  const isSetUp = facts.user !== null && facts.user.app !== 'none'
  return rank([
    ...accountCauses(facts),
    ...codeCauses(facts),
    ...stringsCauses(facts).filter(({ id }) => id === 'no-mobile-client-right'),
    ...(isSetUp ? [] : textCauses(facts, settings['server.siteId']))
  ])
}
