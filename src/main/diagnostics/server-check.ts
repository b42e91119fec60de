import type { Cause, CheckStep } from '../../shared/diagnostics.ts'
import { publicAddress, type Settings } from '../../shared/settings.ts'
import { formatXml } from '../system/xml.ts'
import { clockCauses, type ClockCheckParts } from './clock-check.ts'
import { pathCauses, scopeCauses, setting, type Traveller } from './path-causes.ts'
import {
  appStep,
  appSteps,
  boundedSend,
  checkPath,
  isOpen,
  originOf,
  type CheckOptions,
  type Origin
} from './path-check.ts'
import { askHttp, openTcp, type ProbeOptions } from './probe.ts'
import { reachReferenceServer, type FailedApp } from './reference-app.ts'

export interface ServerCheck {
  steps: CheckStep[]
  causes: Cause[]
  /** Whether an app gets as far as the server's answer to its ping, certificates aside. */
  isReached: boolean
}

/**
 * Goes the way of an app as far as no code is needed, and tells why it ends where it ends. The causes are in the order in which
 * the way is gone, since what fails first is why the rest fails.
 */
export async function checkServer(
  parts: ClockCheckParts,
  settings: Settings,
  options: CheckOptions = {}
): Promise<ServerCheck> {
  const asked = originOf(settings['policy.selfReset.completeUrl'])
  const told = originOf(publicAddress(settings))
  const first = await checkPath(asked, options)
  const causes = await pathCauses(first, settings, options, forPhones)
  const steps = [...first.steps]
  let isReached = false
  let dateMs: number | null = null
  if (isOpen(first)) {
    const send = boundedSend(options)
    const reached = await reachReferenceServer(settings['server.siteId'], {
      serverDetailsOrigin: asked.text,
      onStep: (step, failure) => options.onStep?.(appStep(step, failure)),
      async send(request) {
        const answer = await send(request)
        dateMs ??= answer.dateMs
        return answer
      }
    })
    const failure = reached.ok ? null : reached.reason
    const [details, ...rest] = appSteps(reached.steps, failure)
    if (details) steps.push(details)
    if (told.text !== asked.text && rest.length > 0) {
      const second = await checkPath(told, options)
      steps.push(...second.steps)
      causes.push(...(await pathCauses(second, settings, options, forPhones)))
    }
    steps.push(...rest)
    isReached = reached.ok
    if (reached.ok) causes.push(...differentServer(reached.agentUrl, settings))
    else causes.push(...(await answerCauses(reached, settings, asked, options)))
  }
  const clock = await clockCauses(parts, dateMs)
  const { faults, others } = byWeight([...clock, ...causes])
  return { steps, causes: [...faults, ...others, ...scopeCauses(first, faults)], isReached }
}

const forPhones: Traveller = { who: 'phones', key: 'policy.selfReset.completeUrl' }

function byWeight(causes: Cause[]): { faults: Cause[]; others: Cause[] } {
  return {
    faults: causes.filter(({ weight }) => weight === 'fault'),
    others: causes.filter(({ weight }) => weight !== 'fault')
  }
}

/** Something answers, and not as this server would. */
async function answerCauses(
  failure: FailedApp,
  settings: Settings,
  asked: Origin,
  options: ProbeOptions
): Promise<Cause[]> {
  const siteId = settings['server.siteId']
  const evidence = [failure.reason]
  if (failure.error === 'unknown-server-id') {
    return [
      {
        id: 'site-id-foreign',
        weight: 'fault',
        sentence: `What answers at ${asked.text} does not know the Site ID ${siteId}: it is another server, or a portal over another data folder.`,
        evidence,
        cure: setting('server.siteId')
      }
    ]
  }
  if (failure.step === 'ping') {
    const agent = failure.steps.at(-1)
    const connectionType = settings['server.connectionType']
    const other = agent ? await findAgent(new URL(agent.url).origin, connectionType, options) : null
    if (other !== null) {
      return [
        {
          id: 'connection-type-wrong',
          weight: 'fault',
          sentence: `Apps are sent to /${connectionType}/AgentXML, where nothing answers; the server answers at /${other}/AgentXML. Set the connection type to ${other}.`,
          evidence: [...evidence, `A ping to /${other}/AgentXML is answered with PASS.`],
          cure: setting('server.connectionType')
        }
      ]
    }
    const place = agent ? originOf(agent.url) : asked
    if (place.text !== asked.text && (await openTcp(place, options)).result !== 'open') return []
  }
  return [
    {
      id: failure.step === 'server-details' ? 'foreign-server' : 'answer-wrong',
      weight: 'fault',
      sentence:
        failure.step === 'server-details'
          ? `What answers at ${asked.text} is not this server: it does not answer an app’s question for the settings. Check host, port, and what a proxy passes on.`
          : 'The server answers an app’s ping with something else than PASS. Check what a proxy passes on.',
      evidence,
      cure: setting('server.host')
    }
  ]
}

async function findAgent(origin: string, not: string, options: ProbeOptions): Promise<string | null> {
  const body = formatXml('SASRequest', [
    { name: 'Version', content: '3.6' },
    { name: 'Action', content: 'ping' }
  ])
  for (const connectionType of ['proxy', 'userportal']) {
    if (connectionType === not) continue
    const url = `${origin}/${connectionType}/AgentXML`
    const result = await askHttp({ method: 'POST', url, body, headers: { 'content-type': 'application/xml' } }, options)
    if ('answer' in result && result.answer.status === 200 && result.answer.body.includes('<Result>PASS</Result>')) {
      return connectionType
    }
  }
  return null
}

function differentServer(agentUrl: string, settings: Settings): Cause[] {
  const own = `${new URL(publicAddress(settings)).origin}/${settings['server.connectionType']}/AgentXML`
  if (agentUrl === own) return []
  return [
    {
      id: 'foreign-server',
      weight: 'suspicion',
      sentence: `The server that answers sends apps to ${agentUrl}, this one would send them to ${own}: a portal over another data folder may be running there.`,
      evidence: [],
      cure: setting('server.host')
    }
  ]
}
