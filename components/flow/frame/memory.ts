import type { CountryCode } from 'libphonenumber-js/min'

export type Memory = ReturnType<typeof createMemory>

/**
 * What this tab did since the page opened, for focus, announcements and initial values. None of it is
 * rendered. The `take…` methods return each event once.
 */
export function createMemory() {
  let shown: string | null = null
  let codeFieldNext = false
  let firstFieldNext = false
  let sentHere = false
  let country: CountryCode | null = null
  let numberBefore: string | null = null

  return {
    /** The heading of a step is on the page. @returns whether another step was shown before */
    showed(step: string): boolean {
      const before = shown
      shown = step
      return before !== null && before !== step
    },

    /**
     * A code is being sent: its field takes the focus when it appears, and the send is not announced as
     * another operator's.
     */
    sending() {
      codeFieldNext = true
      sentHere = true
    },
    notSent() {
      codeFieldNext = false
      sentHere = false
    },
    /** Whether this tab sent the code that is announced now. */
    takeSentHere(): boolean {
      const taken = sentHere
      sentHere = false
      return taken
    },

    /** Back to the first step, to the field to correct. @param numberMasked the number to be changed */
    wentBack(numberMasked: string | null) {
      firstFieldNext = true
      numberBefore = numberMasked
    },
    cameBackToCode() {
      codeFieldNext = true
    },
    /** Whether the code field, or the first field, takes the focus. */
    takeCodeField(): boolean {
      const taken = codeFieldNext
      codeFieldNext = false
      return taken
    },
    takeFirstField(): boolean {
      const taken = firstFieldNext
      firstFieldNext = false
      return taken
    },

    choseCountry(chosen: CountryCode) {
      country = chosen
      numberBefore = null
    },
    /**
     * The country or region chosen last, and the number to be changed, which the next one most likely
     * resembles.
     */
    lastNumber: () => ({ country, numberBefore }),
  }
}
