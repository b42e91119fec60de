import { callOverHttp } from './call-over-http.ts'

/** Carries calls with large files, so that the window does not stand still while their bytes become text. */
addEventListener(
  'message',
  ({ data: { id, name, input } }: MessageEvent<{ id: number; name: string; input: unknown }>) => {
    void callOverHttp(name, input).then((answer) => postMessage({ id, answer }))
  }
)
