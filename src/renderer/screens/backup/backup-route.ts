import { useEffect, useRef } from 'react'
import { navigate, useRoute } from '../../routes.ts'

type BackupPart = 'make' | 'keys'

/** Shows the screen with the focus in the first button of the part. */
export function showBackupPart(part: BackupPart): void {
  navigate({ screen: 'backup', item: null, params: { part } })
}

/** For the element that holds the part's buttons, once they are there. */
export function useFocusOnPart(part: BackupPart, isThere = true) {
  const holder = useRef<HTMLDivElement>(null)
  const isWanted = useRoute().params['part'] === part
  useEffect(() => {
    if (isWanted && isThere) holder.current?.querySelector('button')?.focus()
  }, [isWanted, isThere])
  return holder
}
