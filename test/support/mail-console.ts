import { openTestConsole, type TestConsole } from './console.ts'
import { openSmtpSink, type SinkBehaviour, type SmtpSink } from './smtp-sink.ts'

/** A console whose default transport leads to a sink, and users `u1`, `u2`, … of the group Staff. */
export async function openMailConsole(
  users: number,
  behaviour: SinkBehaviour = {},
  options: Parameters<typeof openTestConsole>[0] = {}
): Promise<TestConsole & { sink: SmtpSink }> {
  const sink = await openSmtpSink(behaviour)
  const console = await openTestConsole(options)
  await console.call('settings:set', { changes: transportTo(sink.port) })
  await addUsers(console, users)
  return Object.assign(console, { sink })
}

export function transportTo(port: number): Record<string, unknown> {
  return {
    'transport.default.host': '127.0.0.1',
    'transport.default.port': port,
    'transport.default.security': 'none',
    'transport.default.sender': 'Help Desk <help@example.com>'
  }
}

export async function addUsers(console: TestConsole, users: number): Promise<void> {
  const lines = Array.from(
    { length: users },
    (_, index) => `u${index + 1},User ${index + 1},u${index + 1}@example.com,Staff`
  )
  await console.call('users:import', { content: Buffer.from(`username,name,email,group\n${lines.join('\n')}\n`) })
}

/** As the person at the desk does once: asks for a number, reads it in the mail, and enters it. */
export async function confirmOwnAddress(console: TestConsole, sink: SmtpSink, address: string): Promise<void> {
  await console.call('mail:askOwnAddress', { address })
  await console.call('mail:confirmOwnAddress', { number: numberIn(sink) })
}

/** The number in the last mail. */
export function numberIn(sink: SmtpSink): string {
  return /^Subject: (\d{6}) /m.exec(sink.received.at(-1)?.raw.toString('latin1') ?? '')?.[1] ?? ''
}

export const everybody = { selection: { filter: {} } }
