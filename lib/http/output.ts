/**
 * Keeps the process running when the reader of its output has gone, such as `tee` in `npm start | tee log`. Without a
 * listener, a failed write is an uncaught exception, and reporting it is the next failed write: an endless loop.
 */
export function ignoreOutputErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
