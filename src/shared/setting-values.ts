import { z } from 'zod'

export const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}

export const yesOrNo = z.boolean({ error: 'must be true or false' })

const hostLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i
export const hostName = (error: string) => z.string({ error }).refine((text) => isHost(text), { error })

function isHost(text: string): boolean {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (bare.includes(':')) return /^[0-9a-f:.]+$/i.test(bare) && URL.canParse(`http://[${bare}]/`)
  if (text.length > 253 || !text.split('.').every((label) => hostLabel.test(label))) return false
  // A URL takes `127.1` and `010.0.0.1` for other addresses than they look, and `300.1.2.3` for none.
  return URL.canParse(`http://${text}/`) && new URL(`http://${text}/`).hostname === text.toLowerCase()
}
