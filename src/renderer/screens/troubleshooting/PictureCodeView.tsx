import { Button } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconShieldCheck,
  IconShieldX,
  IconStethoscope,
  type Icon
} from '@tabler/icons-react'
import { useId, type ReactNode } from 'react'
import type { PictureCode, ScanQuality } from '../../../shared/diagnostics.ts'
import { quietZoneModules } from '../../../shared/qr.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { Badge, CodeStateBadge, type Tone } from '../../components/StateBadge.tsx'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { usersScreen } from '../users/user-route.ts'
import checks from './Checks.module.css'
import classes from './Picture.module.css'
import shared from './Troubleshooting.module.css'
import { routeToSays } from './troubleshooting-route.ts'

/** One QR code of a picture. Its text is shown and never a link: whoever drew the code chose it. */
export function PictureCodeView({ code, number }: { code: PictureCode; number: number | null }) {
  const { text, username, isOurs, finding, warning, scan } = code
  const isUsable = code.code === 'live' && warning === null
  const headingId = useId()
  return (
    <article className={classes.code} aria-labelledby={headingId}>
      <h2
        id={headingId}
        className={classes.finding}
        data-tone={isUsable ? 'green' : warning === null ? 'amber' : 'red'}
      >
        {number !== null && <span className={classes.codeNumber}>{t('troubleshooting.qr.code', { number })}</span>}
        {finding}
      </h2>
      {warning !== null && (
        <p className={classes.warning}>
          <IconAlertTriangle size={16} aria-hidden />
          {warning}
        </p>
      )}
      <Facts code={code} />
      <div className={classes.text}>
        <span className={shared.dim}>{t('troubleshooting.qr.says')}</span>
        <code className={classes.said} dir="ltr">
          {text}
        </code>
        {warning === null && (
          <CopyButton text={text} label={t('actions.copyNamed', { what: t('troubleshooting.qr.copy') })} isSecret />
        )}
      </div>
      {isOurs && username !== null && (
        <div className={checks.cure}>
          <Button
            component="a"
            variant="default"
            href={formatRoute(routeToSays({ symptom: 'invalid-provision-code', username }))}
            leftSection={<IconStethoscope size={15} aria-hidden />}
          >
            {t('troubleshooting.qr.diagnose', { username: isolate(username) })}
          </Button>
        </div>
      )}
      <Scan scan={scan} />
    </article>
  )
}

const origins: Record<PictureCode['origin'], { icon: Icon; tone: Tone }> = {
  signed: { icon: IconShieldCheck, tone: 'green' },
  issued: { icon: IconShieldCheck, tone: 'green' },
  forged: { icon: IconShieldX, tone: 'red' },
  foreign: { icon: IconShieldX, tone: 'amber' }
}

function Facts({ code: { origin, username, isOurs, siteId, code, expiresAtMs } }: { code: PictureCode }) {
  return (
    <dl className={classes.facts}>
      <Fact name={t('troubleshooting.qr.origin')}>
        <Badge {...origins[origin]} word={t(`troubleshooting.qr.origins.${origin}`)} />
      </Fact>
      {username !== null && (
        <Fact name={t('troubleshooting.qr.whose')}>
          {isOurs ? (
            <a href={formatRoute({ screen: usersScreen, item: username, params: {} })}>
              <bdi>{username}</bdi>
            </a>
          ) : (
            <bdi>{username}</bdi>
          )}
        </Fact>
      )}
      {siteId !== null && <Fact name={t('troubleshooting.qr.siteId')}>{siteId}</Fact>}
      {code !== null && (
        <Fact name={t('troubleshooting.qr.state')}>
          <CodeStateBadge state={code} expiresAtMs={expiresAtMs} />
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const verdicts: Record<ScanQuality['verdict'], { icon: Icon; tone: Tone }> = {
  good: { icon: IconCircleCheck, tone: 'green' },
  weak: { icon: IconAlertTriangle, tone: 'amber' },
  poor: { icon: IconCircleX, tone: 'red' }
}

/** What a camera makes of it, and what to change. */
function Scan({ scan }: { scan: ScanQuality }) {
  const { verdict, advice } = scan
  return (
    <section className={classes.scan}>
      <h3 className={classes.scanHead}>
        {t('troubleshooting.qr.scans')}
        <Badge {...verdicts[verdict]} word={t(`troubleshooting.qr.verdicts.${verdict}`)} />
      </h3>
      {advice.length === 0 ? (
        <p className={shared.dim}>{t('troubleshooting.qr.fine')}</p>
      ) : (
        <ul className={classes.advice}>
          {advice.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <dl className={classes.measures}>
        {measures(scan).map(([name, value]) => (
          <div key={name} className={classes.measure}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function measures({
  modulePx,
  contrast,
  quietZoneModules: border,
  damage,
  isInverted,
  isMirrored,
  trials
}: ScanQuality): [name: string, value: string][] {
  const unmeasured = t('troubleshooting.qr.unmeasured')
  const percent = (share: number) => t('troubleshooting.qr.percent', { percent: Math.round(share * 100) })
  const drawing = [
    isInverted ? t('troubleshooting.qr.inverted') : t('troubleshooting.qr.upright'),
    ...(isMirrored ? [t('troubleshooting.qr.mirrored')] : [])
  ]
  return [
    [t('troubleshooting.qr.modulePx'), t('troubleshooting.qr.modulePxValue', { px: modulePx.toFixed(1) })],
    [t('troubleshooting.qr.contrast'), contrast === null ? unmeasured : percent(contrast)],
    [t('troubleshooting.qr.border'), border === null ? unmeasured : borderText(border)],
    [t('troubleshooting.qr.damage'), percent(damage)],
    [t('troubleshooting.qr.turned'), drawing.join(', ')],
    ...trials.map(({ trial, reads }): [string, string] => [
      t(`troubleshooting.qr.trials.${trial}`),
      t(reads ? 'troubleshooting.qr.reads' : 'troubleshooting.qr.readsNot')
    ])
  ]
}

/** The border is counted no further than is asked for. */
function borderText(modules: number): string {
  const text = t('troubleshooting.qr.borderValue', { count: modules })
  return modules >= quietZoneModules ? `≥ ${text}` : text
}
