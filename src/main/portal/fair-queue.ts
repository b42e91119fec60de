/** So many wait at most, and each client in turn has one of its own taken: whoever comes with hundreds keeps nobody else waiting. */
export interface FairQueue<Item> {
  /**
   * Puts it behind what the client has waiting. In a full queue it takes the place of the last one of whoever has most there;
   * returned is what has no place now, which is the new one where nobody has more than its own client.
   */
  add(client: string, item: Item): Item | null
  take(): Item | undefined
  /** Takes out what need not wait any more. */
  drop(isOver: (item: Item) => boolean): void
  size(): number
}

export function createFairQueue<Item>(maxWaiting: number): FairQueue<Item> {
  /** In the order in which clients have their next turn. */
  const waiting = new Map<string, Item[]>()
  let size = 0

  const busiest = (): [client: string, items: Item[]] | undefined => {
    let found: [string, Item[]] | undefined
    for (const entry of waiting) if (entry[1].length > (found?.[1].length ?? 0)) found = entry
    return found
  }
  return {
    add(client, item) {
      const own = waiting.get(client) ?? []
      let displaced: Item | null = null
      if (size >= maxWaiting) {
        const [most, items] = busiest() ?? [client, own]
        if (items.length <= own.length + 1) return item
        displaced = items.pop() ?? null
        if (items.length === 0) waiting.delete(most)
        size--
      }
      own.push(item)
      waiting.set(client, own)
      size++
      return displaced
    },
    take() {
      const [next] = waiting
      if (!next) return undefined
      const [client, items] = next
      const item = items.shift()
      waiting.delete(client)
      if (items.length > 0) waiting.set(client, items)
      size--
      return item
    },
    drop(isOver) {
      for (const [client, items] of waiting) {
        const kept = items.filter((item) => !isOver(item))
        size -= items.length - kept.length
        if (kept.length === 0) waiting.delete(client)
        else waiting.set(client, kept)
      }
    },
    size: () => size
  }
}
