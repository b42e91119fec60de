import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import type { Result } from '../../shared/errors.ts'
import {
  desktopRequest,
  type CallChannel,
  type DeskPreferences,
  type DeskPreferencesChannel,
  type DesktopChannel,
  type DesktopRequest,
  type EventChannel
} from '../../shared/desktop.ts'
import type { Publish } from '../../shared/events.ts'
import type { Console } from '../console.ts'
import { toErrorData, type Caller } from '../handlers/dispatch.ts'
import type { Log } from '../system/log.ts'
import { isConsoleUrl } from './address.ts'

const callChannel: CallChannel = 'console:call'
const eventChannel: EventChannel = 'console:event'
const desktopChannel: DesktopChannel = 'console:desktop'
const deskPreferencesChannel: DeskPreferencesChannel = 'console:desk-preferences'

export interface IpcOptions {
  ipcMain: IpcMain
  console: Pick<Console, 'dispatch' | 'subscribe'>
  caller: Caller
  desktop: {
    readPreferences(): DeskPreferences
    /** The request has been checked. What it gives is the answer. */
    answer(request: DesktopRequest): Promise<object | void>
  }
  /** The console's window, or null while there is none. */
  contents(): WebContents | null
  log: Log
}

/** Carries calls, events and what belongs to the desktop between the window and the program. Nothing is ever thrown across. */
export function carryContract({ ipcMain, console, caller, desktop, contents, log }: IpcOptions): {
  publish: Publish
} {
  /** Answers a request of the window's own page, and refuses anybody else's. */
  const handle = (channel: string, answer: (first: unknown, second: unknown) => Promise<Result<unknown>>): void => {
    ipcMain.handle(channel, async (event, first: unknown, second: unknown): Promise<Result<unknown>> => {
      if (!isOwnPage(event, contents())) {
        log.warn('Refused a call that did not come from the page of the window.', { url: event.senderFrame?.url })
        return refusal
      }
      return answer(first, second)
    })
  }
  handle(callChannel, (name, input) => console.dispatch(name, input, caller))
  handle(desktopChannel, async (request) => {
    const parsed = desktopRequest.safeParse(request)
    if (!parsed.success)
      return { ok: false, error: { code: 'invalid-input', message: 'The desktop knows no such request.' } }
    try {
      return { ok: true, value: (await desktop.answer(parsed.data)) ?? {} }
    } catch (error) {
      return { ok: false, error: toErrorData(error, log, 'a request to the desktop') }
    }
  })
  ipcMain.on(deskPreferencesChannel, (event) => {
    event.returnValue = isOwnPage(event, contents()) ? desktop.readPreferences() : {}
  })

  const publish: Publish = (name, data) => contents()?.send(eventChannel, name, data)
  console.subscribe(publish)
  return { publish }
}

const refusal: Result<never> = {
  ok: false,
  error: { code: 'forbidden', message: 'Only the console’s own page may call it.' }
}

/** Whether the sender is the top frame of our window, showing our page: not a frame inside it, nor a page it went to. */
export function isOwnPage(
  { sender, senderFrame }: Pick<IpcMainInvokeEvent | IpcMainEvent, 'sender' | 'senderFrame'>,
  own: WebContents | null
): boolean {
  return (
    own !== null &&
    sender === own &&
    senderFrame !== null &&
    senderFrame === own.mainFrame &&
    isConsoleUrl(senderFrame.url)
  )
}
