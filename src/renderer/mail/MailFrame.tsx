import { useElementSize } from '@mantine/hooks'
import { useMemo } from 'react'
import type { MailPreview } from '../../shared/mail.ts'
import { pageNonce } from '../page-nonce.ts'
import { t } from '../words/index.ts'
import { previewDocument } from './preview-document.ts'
import classes from './MailPreview.module.css'

/** The mail's HTML at a width, made smaller where there is no room for it. No script runs in it, and it reaches no network. */
export function MailFrame({
  preview: { html, pictures },
  widthPx,
  showsImages,
  isDark
}: {
  preview: Pick<MailPreview, 'pictures'> & { html: string }
  widthPx: number
  showsImages: boolean
  isDark: boolean
}) {
  const { ref, width, height } = useElementSize()
  const content = useMemo(
    () => previewDocument(html, pictures, { showsImages, isDark }, pageNonce),
    [html, pictures, showsImages, isDark]
  )
  const scale = width > 0 ? Math.min(1, width / widthPx) : 1
  return (
    <div ref={ref} className={classes.stage}>
      <div className={classes.sheet} style={{ width: widthPx * scale, height }}>
        <iframe
          sandbox=""
          srcDoc={content}
          title={t('mail.look.frame')}
          className={classes.frame}
          data-dark={isDark || undefined}
          style={{ width: widthPx, height: height / scale, transform: `scale(${scale})` }}
        />
      </div>
    </div>
  )
}
