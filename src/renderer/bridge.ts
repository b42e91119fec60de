import type { Bridge } from '../shared/bridge.ts'
import { contract } from '../shared/contract.ts'
import type { ErrorData, Result } from '../shared/errors.ts'
import type { EventData, EventName } from '../shared/events.ts'
import { tabSecretName } from '../shared/tab-secret.ts'
import { callOverHttp, type HttpAnswer, type HttpCall } from './call-over-http.ts'
import { setConnection } from './connection.ts'
import { listenOverHttp } from './events-over-http.ts'

declare global {
  interface Window {
    /** Set by the preload of the desktop window; absent in a browser. */
    provisionBridge?: Bridge
  }
}

/** A call that was answered with a refusal. */
export class CallError extends Error {
  readonly data: ErrorData

  constructor(data: ErrorData) {
    super(data.message)
    this.name = 'CallError'
    this.data = data
  }
}

/** A call that nobody answered. */
export class ConnectionError extends Error {
  readonly isSessionEnded: boolean

  constructor(isSessionEnded: boolean) {
    super(isSessionEnded ? 'the session has ended' : 'the console does not answer')
    this.name = 'ConnectionError'
    this.isSessionEnded = isSessionEnded
  }
}

/** The value of an answer; throws CallError for a refusal. */
export async function ask<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer
  if (!result.ok) throw new CallError(result.error)
  return result.value
}

/** The contract over HTTP, for a browser: calls as POSTs, pushes as an event stream. */
function createHttpBridge(): Bridge {
  const byNoun: Record<string, Record<string, (input: unknown) => Promise<unknown>>> = {}
  for (const name of Object.keys(contract)) {
    const [noun = '', verb = ''] = name.split(':')
    byNoun[noun] = { ...byNoun[noun], [verb]: (input) => post(name, input) }
  }
  // The loop goes over the very table that the type is derived from.
  return { ...byNoun, on: subscribe } as unknown as Bridge
}

async function post(name: string, input: unknown): Promise<unknown> {
  const call = { name, input, tabSecret: readTabSecret() }
  const answer = isLarge(input) ? await callInWorker(call) : await callOverHttp(call)
  if ('result' in answer) return answer.result
  const isSessionEnded = answer.failure === 'ended'
  if (isSessionEnded) setConnection('ended')
  throw new ConnectionError(isSessionEnded)
}

/** Bytes beyond this take long enough to write as text that the window would stand still. */
const largeBytes = 100_000

function isLarge(input: unknown): boolean {
  const members = typeof input === 'object' && input !== null ? Object.values(input) : []
  return members.some((member) => member instanceof Uint8Array && member.length > largeBytes)
}

let worker: Worker | undefined
let calls = 0

function callInWorker(call: HttpCall): Promise<HttpAnswer> {
  worker ??= new Worker(new URL('./call-worker.ts', import.meta.url), { type: 'module' })
  const carrier = worker
  const id = ++calls
  return new Promise((resolve) => {
    const receive = ({ data }: MessageEvent<{ id: number; answer: HttpAnswer }>) => {
      if (data.id !== id) return
      carrier.removeEventListener('message', receive)
      resolve(data.answer)
    }
    carrier.addEventListener('message', receive)
    carrier.postMessage({ id, call }, [])
  })
}

/** Empty in a tab that did not sign in itself: it is refused like one whose session has ended. */
function readTabSecret(): string {
  try {
    return sessionStorage.getItem(tabSecretName) ?? ''
  } catch {
    return ''
  }
}

type Listener = (data: string) => void
let listeners: Map<string, Set<Listener>> | undefined

function subscribe<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
  const all = (listeners ??= openStream())
  const receive: Listener = (data) => listener(JSON.parse(data) as EventData<Name>)
  const ofName = all.get(name) ?? new Set()
  all.set(name, ofName.add(receive))
  return () => ofName.delete(receive)
}

function openStream(): Map<string, Set<Listener>> {
  const all = new Map<string, Set<Listener>>()
  void listenOverHttp(
    readTabSecret(),
    ({ name, data }) => {
      for (const receive of all.get(name) ?? []) receive(data)
    },
    setConnection
  )
  return all
}

export const bridge: Bridge = globalThis.window?.provisionBridge ?? createHttpBridge()
