/** Ends startup with a one-line error: the resource at fault, what is wrong with it, and an example that works. */
export class StartupFault extends Error {
  override readonly name = 'StartupFault'
  /** The variable or resource at fault, such as `DATABASE_URL`. */
  readonly resource: string

  constructor(resource: string, fault: string, example: string) {
    // Always one line, since it is read in a terminal between other lines.
    super(`${resource}: ${fault}. Example: ${example}`.replace(/\s*[\r\n]+\s*/g, ' '))
    this.resource = resource
  }
}
