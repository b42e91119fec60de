import { appErrorTexts } from '../../shared/app-errors.ts'
import { AppError } from '../../shared/errors.ts'
import type { DevicePolicy } from '../../shared/device.ts'
import type { Provisioning } from './provisioning.ts'
import type { XmlNode } from '../system/xml.ts'
import { formatXmlDocument, parseXmlRecord } from '../system/xml.ts'

export interface AgentXmlContext {
  provisioning: Provisioning
  /** IP address of the client. */
  address: string
}

export interface AgentXmlAnswer {
  status: 200 | 400
  xml: string
}

/** The version of the protocol that servers since 3.6 speak and say. */
const protocolVersion = '3.6'

const requestFields = ['Version', 'RequestID', 'Action', 'Username', 'ProvisionCode', 'Id'] as const
type AgentRequest = Partial<Record<(typeof requestFields)[number], string>>

/**
 * Answers one request of an app. Values are taken exactly as sent: white space counts and `004211` stays text. A refusal
 * in the protocol's own terms is FAIL with status 200; what is no request at all gets 400 and nothing of it repeated.
 */
export async function answerAgentXml(body: string | Uint8Array, context: AgentXmlContext): Promise<AgentXmlAnswer> {
  const request = readRequest(body)
  if (request === null) return { status: 400, xml: formatAnswer({}, failure('Malformed request')) }
  return { status: 200, xml: formatAnswer(request, await answerAction(request, context)) }
}

function readRequest(body: string | Uint8Array): AgentRequest | null {
  try {
    const request = parseXmlRecord(body, 'SASRequest', requestFields)
    return request.Version === undefined ? null : request
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function answerAction(request: AgentRequest, context: AgentXmlContext): Promise<XmlNode[]> {
  switch (request.Action) {
    case 'ping':
      return success([])
    case 'provision':
      return answerProvision(request, context)
    case 'SecurityStrings':
      return answerSecurityStrings(request, context)
    default:
      return failure('Unknown Action')
  }
}

async function answerProvision(request: AgentRequest, { provisioning, address }: AgentXmlContext): Promise<XmlNode[]> {
  const { Username: username, ProvisionCode: code } = request
  if (!username) return failure(appErrorTexts['invalid-username'])
  if (!code) return failure(appErrorTexts['invalid-provision-code'])
  const outcome = await provisioning.provision({ username, code, address })
  if ('error' in outcome) return failure(appErrorTexts[outcome.error])
  return success([{ name: 'Id', content: outcome.id }])
}

async function answerSecurityStrings(request: AgentRequest, context: AgentXmlContext): Promise<XmlNode[]> {
  const { provisioning, address } = context
  // An empty Id is refused here so that no store can ever match it with a device that has none.
  if (!request.Id) return failure(appErrorTexts['downloading-security-strings'])
  const outcome = await provisioning.downloadSecurityStrings({ id: request.Id, address })
  if ('error' in outcome) return failure(appErrorTexts[outcome.error])
  return success([
    { name: 'SecurityStrings', content: outcome.securityStrings.join(';') },
    { name: 'Policies', content: outcome.policies.map(toPolicyNode) }
  ])
}

function toPolicyNode({ id, section, show, value }: DevicePolicy): XmlNode {
  return { name: 'Policy', attributes: { id, section, show: String(show) }, content: value }
}

function success(results: readonly XmlNode[]): XmlNode[] {
  return [{ name: 'Result', content: 'PASS' }, ...results]
}

function failure(errorText: string): XmlNode[] {
  return [
    { name: 'Result', content: 'FAIL' },
    { name: 'Error', content: errorText }
  ]
}

function formatAnswer(request: AgentRequest, results: readonly XmlNode[]): string {
  const requestId = request.RequestID === undefined ? [] : [{ name: 'RequestID', content: request.RequestID }]
  return formatXmlDocument('SASResponse', [{ name: 'Version', content: protocolVersion }, ...requestId, ...results])
}
