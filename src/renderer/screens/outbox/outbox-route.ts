import { messageStates, type MessageState } from '../../../shared/outbox.ts'
import { navigate, type Route } from '../../routes.ts'

export const outboxScreen = 'outbox'

/** Which mails the list shows. `batch` is null for those of no batch, and undefined for all. */
export interface MessageFilter {
  batch: number | null | undefined
  state: MessageState | undefined
  username: string
}

/** The address of the mails that belong to no batch. */
const noBatch = 'other'

/** As much of a name as the contract takes. */
const mostCharacters = 1000

export function readMessageFilter({ item, params }: Pick<Route, 'item' | 'params'>): MessageFilter {
  const id = item !== null && /^[1-9]\d{0,14}$/.test(item) ? Number(item) : undefined
  return {
    batch: item === noBatch ? null : id,
    state: messageStates.find((state) => state === params.state),
    username: (params.user ?? '').slice(0, mostCharacters)
  }
}

function routeOf({ batch, state, username }: MessageFilter): Route {
  return {
    screen: outboxScreen,
    item: batch === null ? noBatch : batch === undefined ? null : String(batch),
    params: { state: state ?? '', user: username }
  }
}

export function showMessages(filter: Partial<MessageFilter>, { replace = false } = {}): void {
  navigate(routeOf({ batch: undefined, state: undefined, username: '', ...filter }), { replace })
}
