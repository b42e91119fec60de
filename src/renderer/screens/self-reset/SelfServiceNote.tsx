import { useQuery } from '@tanstack/react-query'
import { queries } from '../../queries.ts'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import classes from './SelfReset.module.css'

/** So many names are told; of more, only how many. */
const mostNames = 4

export function SelfServiceNote() {
  const { data: groups } = useQuery(queries.groups)
  const allowed = groups?.filter(({ selfProvision }) => selfProvision) ?? []
  const names = allowed.slice(0, mostNames).map(({ name }) => isolate(name))
  if (allowed.length > mostNames) names.push('…')
  return (
    <>
      {t('policy.selfReset.selfService.note')}{' '}
      {groups &&
        (allowed.length === 0
          ? t('policy.selfReset.selfService.noGroup')
          : t('policy.selfReset.selfService.count', { count: allowed.length, names: names.join(', ') }))}{' '}
      <a className={classes.link} href={formatRoute({ screen: 'groups', item: null, params: {} })}>
        {t('policy.selfReset.selfService.groups')}
      </a>
    </>
  )
}
