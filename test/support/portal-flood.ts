import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface FloodResult {
  /** Of a good client's pages, one after the other over new connections. */
  pagesMs: number[]
  statuses: Set<number>
  /** The most memory that the portal had in use, MiB. */
  peakMebibytes: number
  /** How often the attackers were thrown out and came back. */
  connected: number
}

/** Attacks a portal of another process over so many connections that pipeline, while a good client opens its page again and again. */
export async function floodByPipelining(
  { port, pid }: { port: number; pid: number },
  { connections, lastsMs }: { connections: number; lastsMs: number }
): Promise<FloodResult> {
  const paths = ['/userportal/reprovision', '/userportal/', '/userportal/getQRCode?text=x', '/userportal/AgentXML']
  const program = path.join(import.meta.dirname, 'pipelining-process.ts')
  const args = [program, port, connections, lastsMs, ...paths].map(String)
  const attacker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  attacker.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const ended = new Promise<void>((resolve) => attacker.once('close', () => resolve()))
  const pagesMs: number[] = []
  const statuses = new Set<number>()
  while (attacker.exitCode === null) {
    const startedMs = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}/userportal/`, { headers: { connection: 'close' } })
    await answer.arrayBuffer()
    pagesMs.push(performance.now() - startedMs)
    statuses.add(answer.status)
  }
  await ended
  const { connected } = JSON.parse(said) as { connected: number }
  return { pagesMs, statuses, peakMebibytes: peakMebibytesOf(pid), connected }
}

function peakMebibytesOf(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1024
}
