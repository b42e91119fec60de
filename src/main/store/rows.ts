/** What Kysely tells of a statement that changed rows. */
interface Changed {
  numUpdatedRows?: bigint
  numDeletedRows?: bigint
  numInsertedOrUpdatedRows?: bigint | undefined
}

export function rowsHit({ numUpdatedRows, numDeletedRows, numInsertedOrUpdatedRows }: Changed): number {
  return Number(numUpdatedRows ?? numDeletedRows ?? numInsertedOrUpdatedRows ?? 0n)
}

/** For rows that nobody can have changed since they were read: a miss is a fault of the program, and undoes the transaction. */
export function expectRows(result: Changed, rows: number, rule: string): void {
  const hit = rowsHit(result)
  if (hit !== rows) throw new Error(`${rule}: ${hit} rows were changed instead of ${rows}`)
}

export function expectOne(result: Changed, rule: string): void {
  expectRows(result, 1, rule)
}

/** For a row that somebody else may have changed first: whether this statement was the one that did. */
export function isHit(result: Changed): boolean {
  const hit = rowsHit(result)
  if (hit > 1) throw new Error(`one row was to be changed at most, and ${hit} were`)
  return hit === 1
}
