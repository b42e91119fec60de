import { Button, Select } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import dialog from '../../../components/dialog.module.css'
import { queries } from '../../../queries.ts'
import { t } from '../../../words/index.ts'
import { isolate } from '../../../words/isolate.ts'
import { searchGroupsFrom } from '../../groups/search-from.ts'
import { countPicked, type Picked } from '../selection.ts'
import { moveTo } from './bulk-acts.ts'

/** Asks for the group that the picked users are to be in. */
export function askToMove(picked: Picked): void {
  const title = t('users.bulk.moveTitle', { count: countPicked(picked) })
  const id = modals.open({ title, children: <MoveUsers picked={picked} onClose={() => modals.close(id)} /> })
}

function MoveUsers({ picked, onClose }: { picked: Picked; onClose: () => void }) {
  const { data: groups = [] } = useQuery(queries.groups)
  const [chosen, setChosen] = useState<string | null>(null)
  const target = groups.find(({ name }) => name === chosen)
  const count = countPicked(picked)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!target) return
        onClose()
        void moveTo(picked, target.name, isolate(target.name))
      }}
    >
      <Select
        data-autofocus
        label={t('groups.move.to')}
        placeholder={t('groups.move.choose')}
        data={groups.map(({ name }) => name)}
        value={target?.name ?? null}
        searchable={groups.length >= searchGroupsFrom}
        allowDeselect={false}
        onChange={setChosen}
      />
      {target && !target.mobileClient && (
        <p className={dialog.warning}>{t('groups.move.losesApp', { count, to: isolate(target.name) })}</p>
      )}
      <div className={dialog.answers}>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={!target}>
          {t('users.bulk.moveVerb', { count })}
        </Button>
      </div>
    </form>
  )
}
