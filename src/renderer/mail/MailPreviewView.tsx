import { Button, Checkbox, SegmentedControl, Tabs } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { MailPreview } from '../../shared/mail.ts'
import { readPreference, writePreference } from '../desk.ts'
import { saveAsFile } from '../save-file.ts'
import { t } from '../words/index.ts'
import { MailFrame } from './MailFrame.tsx'
import classes from './MailPreview.module.css'

const widthsPx = [375, 768, 1024] as const
const widthPreference = 'mail.previewWidth'

const parts = ['html', 'source', 'text', 'headers', 'raw'] as const
type Part = (typeof parts)[number]

/** All of a mail, read back from the message that would go out. */
export function MailPreviewView({ preview }: { preview: MailPreview }) {
  const [part, setPart] = useState<Part>('html')
  const [showsImages, setShowsImages] = useState(true)
  const [isDark, setDark] = useState(false)
  const [widthPx, setWidth] = useState(
    () => widthsPx.find((width) => String(width) === readPreference(widthPreference)) ?? 768
  )
  const chooseWidth = (value: string) => {
    setWidth(widthsPx.find((width) => String(width) === value) ?? 768)
    writePreference(widthPreference, value)
  }
  return (
    <Tabs
      value={part}
      onChange={(value) => setPart(parts.find((each) => each === value) ?? 'html')}
      className={classes.view}
      classNames={{ panel: classes.panel }}
      keepMounted={false}
    >
      <div className={classes.tools}>
        <Tabs.List aria-label={t('mail.look.parts')} className={classes.tabs}>
          {parts.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`mail.look.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {part === 'html' && preview.html !== null && (
          <>
            <SegmentedControl
              size="xs"
              aria-label={t('mail.look.width')}
              data={widthsPx.map((px) => ({ value: String(px), label: String(px) }))}
              value={String(widthPx)}
              onChange={chooseWidth}
            />
            <Checkbox
              label={t('mail.look.images')}
              checked={showsImages}
              onChange={(event) => setShowsImages(event.currentTarget.checked)}
            />
            <Checkbox
              label={t('mail.look.dark')}
              checked={isDark}
              onChange={(event) => setDark(event.currentTarget.checked)}
            />
          </>
        )}
        <span className={classes.gap} />
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => saveMail(preview)}
        >
          {t('mail.look.save')}
        </Button>
      </div>
      <Tabs.Panel value="html">
        {preview.html === null ? (
          <p className={classes.note}>{t('mail.look.noHtml')}</p>
        ) : (
          <MailFrame
            preview={{ html: preview.html, pictures: preview.pictures }}
            widthPx={widthPx}
            showsImages={showsImages}
            isDark={isDark}
          />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="source">
        {preview.html === null ? (
          <p className={classes.note}>{t('mail.look.noHtml')}</p>
        ) : (
          <Listing label={t('mail.look.tabs.source')} text={preview.html} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <Listing label={t('mail.look.tabs.text')} text={preview.text} />
      </Tabs.Panel>
      <Tabs.Panel value="headers">
        <Headers headers={preview.headers} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <Listing label={t('mail.look.tabs.raw')} text={rawText(preview.raw)} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Listing({ label, text }: { label: string; text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it the keyboard cannot scroll it
    <pre className={classes.listing} tabIndex={0} aria-label={label} dir="auto">
      {text}
    </pre>
  )
}

function Headers({ headers }: { headers: MailPreview['headers'] }) {
  return (
    <div className={classes.headers}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('mail.look.header')}</th>
            <th scope="col">{t('mail.look.value')}</th>
          </tr>
        </thead>
        <tbody>
          {headers.map(({ name, value }, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a header may come twice, and the list never changes
            <tr key={index}>
              <th scope="row">{name}</th>
              <td dir="auto">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Bytes beyond ASCII are rare (SMTPUTF8) and then UTF-8. */
function rawText(raw: Uint8Array): string {
  return new TextDecoder().decode(raw)
}

function saveMail({ raw, username }: MailPreview): void {
  const name = t('mail.look.fileName', { username }).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
  saveAsFile(name, new Blob([new Uint8Array(raw)], { type: 'message/rfc822' }))
}
