import { Button, FileButton, Loader } from '@mantine/core'
import { IconPhoto, IconPhotoQuestion, IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PictureReading } from '../../../shared/diagnostics.ts'
import { largestPictureBytes } from '../../../shared/qr.ts'
import { ask, bridge, CallError } from '../../bridge.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { t } from '../../words/index.ts'
import { describeProblem } from '../../words/problems.ts'
import { openPicture, useOpenedPicture, type OpenedPicture } from './picture-opening.ts'
import { PictureCodeView } from './PictureCodeView.tsx'
import checks from './Checks.module.css'
import classes from './Picture.module.css'
import shared from './Troubleshooting.module.css'

/** What a picture's QR codes say, whose they are, and how well they scan. */
export function PictureWay() {
  const opened = useOpenedPicture()
  if (!opened) {
    return (
      <EmptyState
        icon={IconPhotoQuestion}
        title={t('troubleshooting.qr.empty')}
        text={t('troubleshooting.qr.emptyText')}
      >
        <ChooseButton text={t('troubleshooting.qr.choose')} />
      </EmptyState>
    )
  }
  return <Picture key={opened.number} opened={opened} />
}

function ChooseButton({ text, isQuiet = false }: { text: string; isQuiet?: boolean }) {
  return (
    <FileButton accept="image/png,image/jpeg,image/gif,image/bmp" onChange={(file) => file && openPicture(file)}>
      {(props) => (
        <Button {...props} variant={isQuiet ? 'default' : 'filled'} leftSection={<IconPhoto size={15} aria-hidden />}>
          {text}
        </Button>
      )}
    </FileButton>
  )
}

async function readPicture(file: File): Promise<PictureReading> {
  const image = new Uint8Array(await file.arrayBuffer())
  return ask(bridge.diagnostics.readPicture({ image }))
}

function Picture({ opened: { file, number, url } }: { opened: OpenedPicture }) {
  const isTooLarge = file.size > largestPictureBytes
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['picture', number],
    queryFn: () => readPicture(file),
    enabled: !isTooLarge
  })
  const name = file.name === '' ? t('troubleshooting.qr.pasted') : file.name
  return (
    <div className={classes.picture}>
      <div className={classes.pictureSide}>
        {!isTooLarge && <Preview url={url} alt={t('troubleshooting.qr.alt', { name })} />}
        <bdi className={classes.fileName} title={name}>
          {name}
        </bdi>
        {data && (
          <span className={shared.dim}>
            {t('troubleshooting.qr.size', { width: data.widthPx, height: data.heightPx })}
          </span>
        )}
        {file.type === 'image/gif' && <span className={shared.dim}>{t('troubleshooting.qr.firstFrame')}</span>}
        <div className={classes.pictureActs}>
          <ChooseButton text={t('troubleshooting.qr.another')} isQuiet />
          {data && (
            <Button
              variant="default"
              leftSection={<IconRefresh size={15} aria-hidden />}
              onClick={() => void refetch()}
            >
              {t('troubleshooting.qr.again')}
            </Button>
          )}
        </div>
      </div>
      <section className={classes.pictureAnswer} aria-label={t('troubleshooting.finding.label')}>
        {isTooLarge && (
          <p className={checks.problem} role="alert">
            {t('troubleshooting.qr.tooLarge')}
          </p>
        )}
        {isFetching && (
          <output className={checks.running}>
            <Loader size={14} /> {t('troubleshooting.qr.reading')}
          </output>
        )}
        {error !== null && !isFetching && <ReadingProblem error={error} onRetry={() => void refetch()} />}
        {data && (
          <>
            {data.codes.length > 1 && (
              <p className={classes.count}>{t('troubleshooting.qr.codes', { count: data.codes.length })}</p>
            )}
            {data.codes.map((code, index) => (
              <PictureCodeView key={index} code={code} number={data.codes.length > 1 ? index + 1 : null} />
            ))}
          </>
        )}
      </section>
    </div>
  )
}

/** A picture that was refused once is refused again; a console that did not answer may be asked once more. */
function ReadingProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!(error instanceof CallError)) return <ErrorState error={error} onRetry={onRetry} />
  const { sentence, detail } = describeProblem(error)
  return (
    <div className={checks.problem} role="alert">
      <strong>{sentence}</strong>
      {detail !== null && <div>{detail}</div>}
    </div>
  )
}

/** Nothing where the browser cannot draw it: what is wrong with the file is said beside. */
function Preview({ url, alt }: { url: string; alt: string }) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return null
  return <img className={classes.preview} src={url} alt={alt} onError={() => setBroken(true)} />
}
