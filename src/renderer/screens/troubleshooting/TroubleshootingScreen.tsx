import { useEffect, type ReactNode } from 'react'
import { BarLink } from '../../components/BarLink.tsx'
import { showToast } from '../../components/toast.tsx'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { openPicture } from './picture-opening.ts'
import { PhoneWay } from './PhoneWay.tsx'
import { PictureWay } from './PictureWay.tsx'
import { SaysWay } from './SaysWay.tsx'
import classes from './Troubleshooting.module.css'
import { readWay, routeToWay, ways, type Way } from './troubleshooting-route.ts'

const contents: Record<Way, () => ReactNode> = { says: SaysWay, phone: PhoneWay, qr: PictureWay }

/** Three ways from what a caller says to what is wrong. */
export function TroubleshootingScreen() {
  const way = readWay(useRoute().item)
  usePastedPictures(way)
  const Content = contents[way]
  return (
    <div className={classes.screen}>
      <nav aria-label={t('troubleshooting.title')} className={classes.bar}>
        {ways.map((each) => (
          <BarLink key={each} to={routeToWay(each)} isCurrent={each === way}>
            {t(`troubleshooting.ways.${each}`)}
          </BarLink>
        ))}
      </nav>
      <div className={classes.content}>
        <Content />
      </div>
    </div>
  )
}

/** A picture that is pasted anywhere on the screen is a question; text goes where it is pasted. */
function usePastedPictures(way: Way): void {
  useEffect(() => {
    const take = (event: ClipboardEvent) => {
      const [file] = event.clipboardData?.files ?? []
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (file) {
        event.preventDefault()
        openPicture(file)
      } else if (way === 'qr' && !isTyping) showToast(t('troubleshooting.qr.noPicture'))
    }
    window.addEventListener('paste', take)
    return () => window.removeEventListener('paste', take)
  }, [way])
}
