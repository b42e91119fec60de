import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Transport } from '../../../shared/transport.ts'
import { BarLink } from '../../components/BarLink.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { AddTransport } from './AddTransport.tsx'
import { TemplatePart } from './TemplatePart.tsx'
import { TransportForm } from './TransportForm.tsx'
import { transportsQuery } from './transport-queries.ts'
import { readTransportPlace, routeOfPlace, type TransportPlace } from './transport-route.ts'
import classes from './Transport.module.css'

export function TransportScreen() {
  const place = readTransportPlace(useRoute().item)
  const { data, error, isError, refetch } = useQuery(transportsQuery)
  if (isError && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <LoadingState />
  return (
    <div className={classes.screen}>
      <PlaceBar place={place} transports={data} />
      {place.part === 'server' ? (
        <OneTransport key={place.name} name={place.name} transports={data} />
      ) : (
        <TemplatePart kind={place.kind} group={place.group} />
      )}
    </div>
  )
}

function OneTransport({ name, transports }: { name: string; transports: readonly Transport[] }) {
  const shown = transports.find((transport) => transport.name === name) ?? transports[0]
  return shown ? <TransportForm key={shown.name} transport={shown} /> : null
}

function PlaceBar({ place, transports }: { place: TransportPlace; transports: readonly Transport[] }) {
  const [isAdding, setAdding] = useState(false)
  const isServer = place.part === 'server'
  const first = transports[0]?.name ?? t('transport.default')
  return (
    <div className={classes.bar}>
      <nav aria-label={t('transport.title')} className={classes.links}>
        <PlaceLink
          to={{ part: 'server', name: first }}
          text={t('transport.parts.server')}
          isCurrent={isServer && transports.length === 1}
          isHidden={transports.length > 1}
        />
        {transports.length > 1 &&
          transports.map(({ name, missing }) => (
            <PlaceLink
              key={name}
              to={{ part: 'server', name }}
              text={name}
              note={missing.length > 0 ? t('transport.incomplete') : undefined}
              isCurrent={isServer && place.name === name}
            />
          ))}
        <PlaceLink
          to={isServer ? { part: 'templates', kind: 'code', group: null } : place}
          text={t('transport.parts.templates')}
          isCurrent={!isServer}
        />
      </nav>
      <span className={classes.gap} />
      {isServer && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('transport.add')}
        </Button>
      )}
      <AddTransport isOpen={isAdding} taken={transports.map(({ name }) => name)} onClose={() => setAdding(false)} />
    </div>
  )
}

function PlaceLink({
  to,
  text,
  note,
  isCurrent,
  isHidden = false
}: {
  to: TransportPlace
  text: string
  note?: string | undefined
  isCurrent: boolean
  isHidden?: boolean
}) {
  if (isHidden) return null
  return (
    <BarLink to={routeOfPlace(to)} isCurrent={isCurrent}>
      {text}
      {note !== undefined && <span className={classes.linkNote}>{note}</span>}
    </BarLink>
  )
}
