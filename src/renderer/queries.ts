import { QueryClient, queryOptions } from '@tanstack/react-query'
import { changeOf, topics, type Topic } from '../shared/events.ts'
import { ask, bridge } from './bridge.ts'
import { onConnection } from './connection.ts'
import { noteProgress } from './tasks.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Pushes say when something changed, and whoever answers is near: asking again by chance would only hide a fault.
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
      refetchOnWindowFocus: false,
      networkMode: 'always'
    },
    mutations: { retry: false, networkMode: 'always' }
  }
})

export const queries = {
  version: queryOptions({ queryKey: ['version'], queryFn: () => ask(bridge.version.get({})) }),
  status: queryOptions({ queryKey: ['status'], queryFn: () => ask(bridge.status.get({})) }),
  // Codes expire and backups grow old without anybody's doing.
  statusTodo: queryOptions({
    queryKey: ['status', 'todo'],
    queryFn: () => ask(bridge.status.todo({})),
    refetchInterval: 60_000
  }),
  statusFigures: queryOptions({
    queryKey: ['status', 'figures'],
    queryFn: () => ask(bridge.status.figures({})),
    refetchInterval: 60_000
  }),
  settings: queryOptions({ queryKey: ['settings'], queryFn: () => ask(bridge.settings.list({})) }),
  portal: queryOptions({ queryKey: ['portal', 'state'], queryFn: () => ask(bridge.portal.get({})) }),
  portalRequests: queryOptions({
    queryKey: ['portal', 'requests'],
    queryFn: () => ask(bridge.portal.requests({ limit: 100 }))
  }),
  stock: queryOptions({ queryKey: ['stock'], queryFn: () => ask(bridge.sheets.stock({})) }),
  letter: queryOptions({ queryKey: ['sheets', 'letter'], queryFn: () => ask(bridge.sheets.letter({})) }),
  keySlots: queryOptions({ queryKey: ['keys'], queryFn: () => ask(bridge.key.list({})) }),
  groups: queryOptions({ queryKey: ['groups'], queryFn: () => ask(bridge.groups.list({})) }),
  user: (username: string) =>
    queryOptions({ queryKey: ['users', 'show', username], queryFn: () => ask(bridge.users.show({ username })) }),
  /** Who had the name, under whatever name by now. */
  formerUser: (username: string, id: number) =>
    queryOptions({
      queryKey: ['users', 'show', username, id],
      queryFn: () => ask(bridge.users.show({ username, id }))
    })
}

/** What has to be asked again when main says that something changed. */
const staleAfter: Record<Topic, string[][]> = {
  users: [['users'], ['sheets'], ['status'], ['groups']],
  groups: [['groups'], ['users'], ['status']],
  settings: [['settings'], ['status'], ['keys'], ['portal'], ['transports'], ['templates']],
  outbox: [['outbox'], ['status', 'todo']],
  log: [['users', 'show'], ['log'], ['status', 'todo'], ['status', 'figures']],
  portal: [['portal'], ['status', 'todo'], ['status', 'figures']],
  sheets: [['sheets']]
}

function askAgain(topic: Topic): void {
  for (const queryKey of staleAfter[topic]) void queryClient.invalidateQueries({ queryKey })
}

/** Pushes come for every chunk of a bulk act; asking again this often keeps a screen live and the console free. */
const mostOftenMs = 400

/** What a long task has done so far shows while it runs, but is not what the console is there for then. */
const mostOftenInTasksMs = 1_500

/** Keeps what is on the screen up to date with main. Returns the function that ends it. */
export function followEvents(): () => void {
  const ends = topics.map((topic) =>
    bridge.on(
      changeOf(topic),
      atMostEvery(mostOftenMs, () => askAgain(topic))
    )
  )
  const showProgress = atMostEvery(mostOftenInTasksMs, () => askAgain('users'))
  ends.push(
    bridge.on('task-progress', (progress) => {
      if (noteProgress(progress)) showProgress()
    }),
    bridge.on(
      'outbox-progress',
      atMostEvery(mostOftenInTasksMs, () => askAgain('outbox'))
    ),
    // What changed while nobody was listening is unknown.
    onConnection((connection) => {
      if (connection === 'open') void queryClient.invalidateQueries()
    })
  )
  return () => {
    for (const end of ends) end()
  }
}

/** Runs at once, then at most once a while, and never leaves out the last call. */
export function atMostEvery(everyMs: number, run: () => void): () => void {
  let isWaiting = false
  let isWanted = false
  const start = () => {
    isWaiting = true
    isWanted = false
    run()
    setTimeout(() => {
      isWaiting = false
      if (isWanted) start()
    }, everyMs)
  }
  return () => {
    isWanted = true
    if (!isWaiting) start()
  }
}
