import { appStateWords, type AppState, type CodeState } from '../../../shared/user.ts'

export const states = {
  states: {
    app: appStateWords satisfies Record<AppState, string>,
    code: {
      none: 'none',
      live: 'live',
      used: 'used',
      failed: 'failed',
      expired: 'expired',
      superseded: 'superseded',
      withdrawn: 'withdrawn'
    } satisfies Record<CodeState, string>,
    ends: 'ends {{when}}',
    locked: 'locked',
    lockedUntil: 'Whoever sent wrong codes has to wait until {{until}}',
    disabled: 'disabled'
  },
  odds: {
    millions1: '{{number}} million',
    millions2: '{{number}} million million',
    millions3: '{{number}} million million million',
    beyond: 'more than a million million million million'
  },
  time: {
    justNow: 'just now',
    soon: 'in less than a minute',
    ago: '{{span}} ago',
    in: 'in {{span}}',
    earlier: '{{span}} earlier',
    exact: '{{time}} ({{zone}})',
    span: {
      moment: 'less than a minute',
      minutes: '{{count, number}} min',
      hours: '{{count, number}} h',
      days_one: '{{count, number}} day',
      days_other: '{{count, number}} days'
    },
    unit: {
      day_one: '{{count, number}} day',
      day_other: '{{count, number}} days',
      hour_one: '{{count, number}} hour',
      hour_other: '{{count, number}} hours',
      minute_one: '{{count, number}} minute',
      minute_other: '{{count, number}} minutes',
      second_one: '{{count, number}} second',
      second_other: '{{count, number}} seconds'
    }
  }
}
