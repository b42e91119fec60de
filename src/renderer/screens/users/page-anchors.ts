/** A page's place in a list that is read by cursors: after this cursor, and so many users further on. */
export interface PagePlace {
  after: string | null
  skip: number
}

/**
 * What is known of where the pages of one list begin. A page that was read tells where the next one begins; a page far away
 * is reached from the nearest beginning before it.
 */
export class PageAnchors {
  private readonly cursors = new Map<number, string>()
  private readonly pageSize: number

  constructor(pageSize: number) {
    this.pageSize = pageSize
  }

  placeOf(page: number): PagePlace {
    let nearest = 0
    for (const known of this.cursors.keys()) {
      if (known <= page && known > nearest) nearest = known
    }
    return { after: this.cursors.get(nearest) ?? null, skip: (page - nearest) * this.pageSize }
  }

  /** Call with the cursor that a read page ended with. */
  noteEnd(page: number, next: string | null): void {
    if (next !== null) this.cursors.set(page + 1, next)
  }

  /** Users came or went, so pages begin elsewhere now. */
  clear(): void {
    this.cursors.clear()
  }
}
