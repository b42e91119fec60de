import { callOverHttp, type HttpCall } from './call-over-http.ts'

/** Carries calls with large files, so that the window does not stand still while their bytes become text. */
addEventListener('message', ({ data: { id, call } }: MessageEvent<{ id: number; call: HttpCall }>) => {
  void callOverHttp(call).then((answer) => postMessage({ id, answer }))
})
