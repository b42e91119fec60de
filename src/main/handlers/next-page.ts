/** Where the page after this one starts: behind its last row, or null where this one was not filled. */
export function nextAfter<Row, At>(rows: readonly Row[], limit: number, place: (row: Row) => At): At | null {
  const last = rows.at(-1)
  return last === undefined || rows.length < limit ? null : place(last)
}
