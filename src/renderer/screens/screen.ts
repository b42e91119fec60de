import type { Icon } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { WindowCommandId } from '../commands/definitions.ts'

/** Groups of the navigation, in its order; those with a heading are named by it. */
export const navigationSections = ['everyday', 'policy', 'server', 'support'] as const
export type NavigationSection = (typeof navigationSections)[number]

/** One entry of the navigation and what it opens. */
export interface Screen {
  /** First part of the address: `#/users`. */
  id: string
  title: string
  icon: Icon
  section: NavigationSection
  /** The command that goes there. */
  command: WindowCommandId
  Content: ComponentType
  /** Primary action, at the right end of the title bar. */
  Action?: ComponentType
  /** A number beside its name in the navigation. */
  Count?: ComponentType
  /** Paragraphs of the guide. */
  help: readonly string[]
}
