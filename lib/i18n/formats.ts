import type { Formats } from 'next-intl'

const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const second = { ...minute, second: '2-digit' } as const

/** How times look everywhere: 24 hours, the seconds only where an act is proved or compared. */
export const formats = {
  dateTime: {
    day,
    minute,
    second,
    dayAndMinute: { ...day, ...minute },
    /** The proof: with its time zone, so that it stays true when it is copied. */
    proof: { ...day, ...second, timeZoneName: 'short' },
  },
} as const satisfies Formats
