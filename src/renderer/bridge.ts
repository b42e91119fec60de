import type { Bridge } from '../shared/bridge.ts'
import { contract } from '../shared/contract.ts'
import type { ErrorData, Result } from '../shared/errors.ts'
import type { EventData, EventName } from '../shared/events.ts'
import { callOverHttp, type HttpAnswer } from './call-over-http.ts'
import { setConnection } from './connection.ts'

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
  const answer = isLarge(input) ? await callInWorker(name, input) : await callOverHttp(name, input)
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

function callInWorker(name: string, input: unknown): Promise<HttpAnswer> {
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
    carrier.postMessage({ id, name, input }, [])
  })
}

let stream: EventSource | undefined

function subscribe<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
  stream ??= openStream()
  const source = stream
  const receive = (event: MessageEvent<string>) => {
    listener(JSON.parse(event.data) as EventData<Name>)
  }
  source.addEventListener(name, receive)
  return () => source.removeEventListener(name, receive)
}

function openStream(): EventSource {
  const source = new EventSource('/api/events')
  source.addEventListener('open', () => setConnection('open'))
  source.addEventListener('error', () => {
    setConnection('lost')
    // The browser tries again by itself unless it was refused; the answer to a call then says whether the session has ended.
    if (source.readyState === EventSource.CLOSED) void post('version:get', {}).catch(() => undefined)
  })
  return source
}

export const bridge: Bridge = globalThis.window?.provisionBridge ?? createHttpBridge()
