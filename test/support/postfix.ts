import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createTestFolder } from './console.ts'
import { freePort } from './free-port.ts'

const program = '/usr/sbin/postfix'

export const postfixNeed = 'only the superuser can start a Postfix, where there is one'
export const hasPostfix = existsSync(program) && process.getuid?.() === 0

/** A Postfix of the test's own on loopback, which throws away what it takes. Ends with the test. Returns its port. */
export async function startPostfix(settings: Record<string, string>): Promise<number> {
  const folder = createTestFolder()
  // Its services run under accounts of their own.
  chmodSync(folder, 0o755)
  const [config, queue, data] = ['config', 'queue', 'data'].map((name) => path.join(folder, name))
  if (config === undefined || queue === undefined || data === undefined) throw new Error('no folder')
  for (const each of [config, queue, data]) mkdirSync(each, { mode: 0o755 })
  spawnSync('chown', ['postfix', data])
  cpSync('/etc/postfix/postfix-files', path.join(config, 'postfix-files'))
  const port = await freePort()
  const main = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    maillog_file_prefixes: folder,
    maillog_file: path.join(folder, 'log'),
    local_recipient_maps: '',
    alias_maps: '',
    myhostname: 'mx.example.com',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    default_transport: 'discard',
    relay_transport: 'discard',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    smtpd_helo_required: 'yes',
    ...settings
  }
  writeFileSync(
    path.join(config, 'main.cf'),
    Object.entries(main)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join('')
  )
  const service = (name: string, type: string, ...rest: string[]) => [name, type, ...rest].join(' ')
  writeFileSync(
    path.join(config, 'master.cf'),
    `${[
      service(`127.0.0.1:${port}`, 'inet', 'n - n - - smtpd'),
      service('cleanup', 'unix', 'n - n - 0 cleanup'),
      service('qmgr', 'unix', 'n - n 300 1 qmgr'),
      service('rewrite', 'unix', '- - n - - trivial-rewrite'),
      service('bounce', 'unix', '- - n - 0 bounce'),
      service('defer', 'unix', '- - n - 0 bounce'),
      service('trace', 'unix', '- - n - 0 bounce'),
      service('discard', 'unix', '- - n - - discard'),
      service('error', 'unix', '- - n - - error'),
      service('anvil', 'unix', '- - n - 1 anvil'),
      service('postlog', 'unix-dgram', 'n - n - 1 postlogd')
    ].join('\n')}\n`
  )
  const running = spawn(program, ['-c', config, 'start-fg'], { stdio: 'ignore' })
  const ended = new Promise((resolve) => running.once('exit', resolve))
  onTestFinished(async () => {
    spawnSync(program, ['-c', config, 'stop'])
    await ended
  })
  while (running.exitCode === null && !(await answers(port))) await sleep(20)
  if (running.exitCode !== null) throw new Error(`Postfix ended with ${running.exitCode}`)
  return port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('data', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
