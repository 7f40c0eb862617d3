/** The error that ends a start with one line: what is at fault, how, and an example of it put right. */
export class StartupFault extends Error {
  override readonly name = 'StartupFault'
  /** The variable or resource at fault, such as `DATABASE_URL`. */
  readonly resource: string

  constructor(resource: string, fault: string, example: string) {
    // One line whatever the parts held: a start-up fault is read in a terminal, between other lines.
    super(`${resource}: ${fault}. Example: ${example}`.replace(/\s*[\r\n]+\s*/g, ' '))
    this.resource = resource
  }
}
