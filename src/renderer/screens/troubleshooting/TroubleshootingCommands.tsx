import { useCommand } from '../../commands/registry.ts'
import { showWay } from './troubleshooting-route.ts'

/** The three ways into the screen, from wherever one is. */
export function TroubleshootingCommands() {
  useCommand('trouble.says', () => showWay('says'))
  useCommand('trouble.phone', () => showWay('phone'))
  useCommand('trouble.qr', () => showWay('qr'))
  return null
}
