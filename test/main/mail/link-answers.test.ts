import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { askLinks } from '../../../src/main/mail/link-answers.ts'

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('says what an address of one’s own answers, and asks no other', async () => {
  const url = await listen((_request, answer) =>
    answer.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing.')
  )
  const text = `Go to ${url}/page or to http://192.0.2.1/page`
  expect(await askLinks({ html: null, text }, [url])).toEqual([
    { url: `${url}/page`, outcome: 'answers', message: 'Answered 404, text/plain.' },
    { url: 'http://192.0.2.1/page', outcome: 'not-asked', message: 'Of another site, so it was not asked.' }
  ])
})

it('reads of an answer its head and nothing more, however much comes after it', async () => {
  let sent = 0
  const ended = Promise.withResolvers<void>()
  const url = await listen((_request, answer) => {
    const chunk = Buffer.alloc(65_536)
    const more = () => {
      while (!answer.destroyed && sent < 1e9) {
        sent += chunk.length
        if (!answer.write(chunk)) return
      }
      answer.destroy()
    }
    answer.writeHead(200, { 'content-type': 'image/png' }).on('drain', more).on('close', ended.resolve)
    more()
  })
  expect(await askLinks({ html: null, text: url }, [url])).toMatchObject([{ message: 'Answered 200, image/png.' }])
  await ended.promise
  // What the buffers of both ends take in any case.
  expect(sent).toBeLessThan(50e6)
})
