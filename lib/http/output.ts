/**
 * Lets the process go on when nobody reads its output any more, as when `tee` in `npm start | tee log` has ended. Without a
 * listener a failed write is an uncaught exception, and the report of it the next failed write: a loop that never ends.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
