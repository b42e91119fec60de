import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import QRCode from 'qrcode'

/** What one would write in an afternoon: draws whatever text it is given, and looks nothing up. */
const server = createServer((request, response) => {
  const text = new URL(request.url ?? '/', 'http://x').searchParams.get('text') ?? ''
  QRCode.toBuffer(text, { errorCorrectionLevel: 'M', scale: 4, margin: 4 }).then(
    (png) => response.setHeader('content-length', png.length).setHeader('content-type', 'image/png').end(png),
    () => response.writeHead(500).end()
  )
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
