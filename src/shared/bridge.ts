import type { CallInput, CallName, CallOutput } from './contract.ts'
import type { Result } from './errors.ts'
import type { EventData, EventName } from './events.ts'

type NounOf<Name extends string> = Name extends `${infer Noun}:${string}` ? Noun : never
type VerbOf<Name extends string, Noun extends string> = Name extends `${Noun}:${infer Verb}` ? Verb : never

export type BridgeCall<Name extends CallName> = (input: CallInput<Name>) => Promise<Result<CallOutput<Name>>>

/**
 * What the renderer sees of the rest of the program, whichever way it is carried: `bridge.users.list({ … })` is the call
 * `users:list`. `on` returns the function that ends the subscription.
 */
export type Bridge = {
  [Noun in NounOf<CallName>]: { [Name in CallName as VerbOf<Name, Noun>]: BridgeCall<Name> }
} & {
  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void
}
