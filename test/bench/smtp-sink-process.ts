import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** The least that is still an SMTP server, in a process of its own: it takes every mail and keeps none. Prints its port. */
const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  let isText = false
  let rest = ''
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    let answers = ''
    for (;;) {
      if (isText) {
        const end = rest.indexOf('\r\n.\r\n')
        if (end < 0) {
          rest = rest.slice(-4)
          break
        }
        rest = rest.slice(end + 5)
        isText = false
        answers += '250 2.0.0 taken\r\n'
        continue
      }
      const end = rest.indexOf('\r\n')
      if (end < 0) break
      const command = rest.slice(0, 4).toUpperCase()
      rest = rest.slice(end + 2)
      if (command === 'DATA') {
        isText = true
        rest = `\r\n${rest}`
        answers += '354 go on\r\n'
      } else if (command === 'EHLO') answers += '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n'
      else if (command === 'QUIT') {
        socket.end('221 bye\r\n')
        return
      } else answers += '250 2.0.0 fine\r\n'
    }
    if (answers !== '') socket.write(answers)
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
