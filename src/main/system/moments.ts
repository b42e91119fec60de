/** The zone is named: who reads a mail, a page or a sheet may be in another one. */
const short = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short'
})
const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'long'
})
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** `Mon, 4 May 2026, 17:02 CEST`: for a label. */
export const shortMoment = (atMs: number): string => short.format(atMs)

/** With weekday, month and zone in full: for a mail, a page or a letter. */
export const longMoment = (atMs: number): string => long.format(atMs)

export const dayOf = (atMs: number): string => day.format(atMs)
