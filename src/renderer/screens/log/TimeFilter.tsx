import { Button, Popover, TextInput } from '@mantine/core'
import { IconCheck, IconChevronDown, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { IconButton } from '../../components/IconButton.tsx'
import grid from '../../components/rows/rows.module.css'
import { t } from '../../words/index.ts'
import { briefTime, timeZone } from '../../words/time.ts'
import barClasses from '../users/FilterBar.module.css'
import { showLog, type LogChoice } from './log-route.ts'
import classes from './Log.module.css'

const presets = ['1h', '24h', '7d', '30d'] as const
type Preset = (typeof presets)[number]

/** Since when and until when: so long ago, or by the clock. */
export function TimeFilter({ choice }: { choice: LogChoice }) {
  const [isOpen, setOpen] = useState(false)
  const { since, until } = choice
  const words = timeWords(choice)
  const show = (change: Partial<LogChoice>) => showLog({ ...choice, ...change })
  return (
    <span className={barClasses.filter} data-active={words !== null || undefined}>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={248} shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button
            data-focus-home
            variant="subtle"
            color="gray"
            size="compact-sm"
            className={barClasses.button}
            rightSection={<IconChevronDown size={14} aria-hidden />}
            onClick={() => setOpen((before) => !before)}
          >
            {words === null ? (
              t('logScreen.filters.time')
            ) : (
              <span className={grid.text}>
                {t('logScreen.filters.time')}: {words}
              </span>
            )}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <div className={classes.times}>
            <div className={classes.presets}>
              {(['', ...presets] as const).map((preset) => {
                const isChosen = until === '' && since === preset
                return (
                  <Button
                    key={preset}
                    variant="subtle"
                    color="gray"
                    size="compact-sm"
                    justify="space-between"
                    aria-pressed={isChosen}
                    rightSection={isChosen ? <IconCheck size={14} aria-hidden /> : null}
                    onClick={() => {
                      setOpen(false)
                      show({ since: preset, until: '' })
                    }}
                  >
                    {presetWords(preset)}
                  </Button>
                )
              })}
            </div>
            <MomentField
              key={`since ${since}`}
              label={t('logScreen.filters.since')}
              value={clockValue(since)}
              onChange={(value) => show({ since: value })}
            />
            <MomentField
              key={`until ${until}`}
              label={t('logScreen.filters.until')}
              value={clockValue(until)}
              onChange={(value) => show({ until: value })}
            />
            <p className={classes.zone}>{t('logScreen.filters.zone', { zone: timeZone })}</p>
          </div>
        </Popover.Dropdown>
      </Popover>
      {words !== null && (
        <IconButton
          icon={IconX}
          iconSize={14}
          size={24}
          label={t('users.filters.clear', { name: t('logScreen.filters.time') })}
          onClick={() => show({ since: '', until: '' })}
        />
      )}
    </span>
  )
}

/** Taken over when it is left or Enter is pressed: while it is typed, a year is 2 and then 20. */
function MomentField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  const take = () => {
    if (text !== value) onChange(text)
  }
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  )
}

function presetWords(preset: '' | Preset): string {
  return preset === '' ? t('logScreen.filters.anyTime') : t(`logScreen.filters.last.${preset}`)
}

/** What the filter says of itself; null for any time. */
function timeWords({ since, until }: LogChoice): string | null {
  if (since === '' && until === '') return null
  const preset = presets.find((known) => known === since)
  const from = preset ? presetWords(preset) : momentWords(since)
  if (until === '') return preset ? from : t('logScreen.filters.from', { time: from })
  if (since === '') return t('logScreen.filters.to', { time: momentWords(until) })
  return t('logScreen.filters.range', { since: from, until: momentWords(until) })
}

function momentWords(text: string): string {
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? text : briefTime(atMs)
}

/** For a field of date and time, which wants the minute of this computer's clock. */
function clockValue(text: string): string {
  const at = new Date(/^\d{4}-/.test(text) ? text : Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  const pad = (part: number) => String(part).padStart(2, '0')
  const date = `${String(at.getFullYear()).padStart(4, '0')}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}
