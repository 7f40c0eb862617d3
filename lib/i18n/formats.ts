import type { Formats } from 'next-intl'

const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const second = { ...minute, second: '2-digit' } as const

/** The formats of all times: 24 hours, with seconds only where times serve as evidence or are compared. */
export const formats = {
  dateTime: {
    day,
    minute,
    second,
    dayAndMinute: { ...day, ...minute },
    /** For evidence: with the time zone, so that it stays unambiguous when copied. */
    proof: { ...day, ...second, timeZoneName: 'short' },
  },
} as const satisfies Formats
