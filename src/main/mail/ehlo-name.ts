import type { TransportConfig } from './transport-settings.ts'

/**
 * What this server calls itself to a mail server; undefined where only the machine itself can tell. A public host that is an
 * address or has no dot is no name that a mail server could look up.
 */
export function ehloNameOf({ ehloName, publicHost }: Pick<TransportConfig, 'ehloName' | 'publicHost'>) {
  if (ehloName !== '') return ehloName
  const isName = publicHost.includes('.') && /[a-z]/i.test(publicHost) && !publicHost.includes(':')
  return isName ? publicHost : undefined
}

/** Not of a command that is unknown (500 to 502) or out of its order (503), where the words may speak of EHLO as well. */
export function isRefusal(answer: string): boolean {
  return /^(?!50[0-3])[45]\d\d/.test(answer)
}

/** Whether an answer speaks of the name. Its code does not tell: 5.7.1 stands for any policy. */
export function mindsEhloName(answer: string): boolean {
  return isRefusal(answer) && /\b(?:HELO|EHLO)\b/i.test(answer)
}

export function ehloAdvice(name: string, answer: string): string {
  return `The mail server does not accept the name “${name}” that this server calls itself: ${answer.replace(/\.$/, '')}. Enter the name that it knows this machine by (EHLO name, ehloName).`
}
