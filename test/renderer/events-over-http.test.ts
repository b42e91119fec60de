import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvents, type StreamedEvent } from '../../src/renderer/events-over-http.ts'

async function readPieces(pieces: Uint8Array[]): Promise<StreamedEvent[]> {
  const read: StreamedEvent[] = []
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    }
  })
  await readEvents(body, (event) => void read.push(event))
  return read
}

describe('the stream of events', () => {
  it('says the same however its bytes are cut up', async () => {
    const events = [
      { name: 'users-changed', data: '{}' },
      { name: 'task-progress', data: '{"taskId":"Grüße ☃ 🗝","done":1,"total":2}' }
    ]
    const text = `: listening\n\n${events.map(({ name, data }) => `event: ${name}\ndata: ${data}\n\n`).join(':\n\n')}event: cut-off\ndata: {`
    const bytes = new TextEncoder().encode(text)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length]
        const pieces = places.slice(1).map((to, index) => bytes.slice(places[index], to))
        expect(await readPieces(pieces)).toEqual(events)
      })
    )
  })
})
