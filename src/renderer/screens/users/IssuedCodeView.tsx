import { Button } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { leastModulePx } from '../../../shared/qr.ts'
import type { CodeState, User } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { useNowMs } from '../../components/now.ts'
import { codeStateAt } from '../../components/code-state.ts'
import { showProblem } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { briefTime, exactTime, relativeTime } from '../../words/time.ts'
import { groupCode, pictureWidth } from './code-life.ts'
import { pictureScale } from './picture-scale.ts'
import classes from './IssuedCodeView.module.css'

export interface IssuedQr {
  username: string
  image: Uint8Array
  expiresAtMs: number
  handle: string
}

/** Room that the drawer has for the picture. */
const mostPicturePx = 344

/** A code just issued: its picture while it is live, then what became of it. */
export function IssuedCodeView({ issued, user }: { issued: IssuedQr; user: User }) {
  const nowMs = useNowMs()
  const ended = endOf(issued, user, nowMs)
  if (ended !== null) return <p className={classes.over}>{t(`user.code.over.${ended}`)}</p>
  return (
    <div className={classes.issued}>
      <Picture issued={issued} />
      <p className={classes.ends} title={exactTime(issued.expiresAtMs)}>
        {t('user.code.endsAt', { when: relativeTime(issued.expiresAtMs, nowMs), at: briefTime(issued.expiresAtMs) })}
      </p>
      <TypedCode key={issued.handle} handle={issued.handle} />
    </div>
  )
}

/** What ended the code, or null while it is live. */
function endOf(issued: IssuedQr, user: User, nowMs: number): Exclude<CodeState, 'live'> | null {
  if (user.codeExpiresAtMs !== issued.expiresAtMs) return 'superseded'
  const state = codeStateAt(user.code, user.codeExpiresAtMs, nowMs)
  return state === 'live' ? null : state
}

function Picture({ issued: { image, username } }: { issued: IssuedQr }) {
  const [widthPx, setWidthPx] = useState<number>()
  const show = useCallback(
    (picture: HTMLImageElement) => {
      const url = URL.createObjectURL(new Blob([new Uint8Array(image)], { type: 'image/png' }))
      picture.src = url
      return () => URL.revokeObjectURL(url)
    },
    [image]
  )
  return (
    <img
      ref={show}
      alt={t('user.code.alt', { username })}
      className={classes.picture}
      width={widthPx}
      onLoad={({ currentTarget: { naturalWidth } }) =>
        setWidthPx(pictureWidth(naturalWidth, pictureScale, leastModulePx, mostPicturePx))
      }
    />
  )
}

/** The code in letters and as a link, once somebody asks for it: each reveal is logged. */
function TypedCode({ handle }: { handle: string }) {
  const reveal = useMutation({ mutationFn: () => ask(bridge.codes.reveal({ handle })), onError: showProblem })
  if (!reveal.data) {
    return (
      <Button
        data-focus-home
        variant="default"
        leftSection={<IconEye size={15} aria-hidden />}
        onClick={() => !reveal.isPending && reveal.mutate()}
      >
        {t('user.code.reveal')}
      </Button>
    )
  }
  const { code, url } = reveal.data
  return (
    <div className={classes.revealed}>
      <span className={classes.label}>{t('user.code.typed')}</span>
      <output className={classes.code}>{groupCode(code)}</output>
      <CopyButton text={code} label={t('user.code.copyCode')} isSecret />
      <span className={classes.label}>{t('user.code.url')}</span>
      <output className={classes.url} title={url}>
        {url}
      </output>
      <CopyButton text={url} label={t('user.code.copyUrl')} isSecret />
      <Button
        data-focus-home
        variant="subtle"
        size="compact-sm"
        className={classes.hide}
        leftSection={<IconEyeOff size={15} aria-hidden />}
        onClick={() => reveal.reset()}
      >
        {t('user.code.hide')}
      </Button>
    </div>
  )
}
