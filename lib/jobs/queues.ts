/** The data of each job, stored readable in the database: IDs only, never a number, a code or a credential. */
export interface JobData {
  /** Ends calls past the in-flight timeout, and erases numbers 24 hours after their send. */
  settleRequests: null
  /** Removes what has expired. */
  tidyUp: null
}

export type JobName = keyof JobData

interface Queue {
  /** Also runs at start-up, and once if it was missed while no process was running. */
  everyMinutes?: number
}

// Often enough to erase every number within an hour after its 24 hours: a call in flight at one run has ended by the next.
export const queues: Record<JobName, Queue> = {
  settleRequests: { everyMinutes: 15 },
  tidyUp: { everyMinutes: 15 },
}

export const jobNames = Object.keys(queues) as JobName[]

/** Where jobs go that failed every time, including those that killed their process. */
export const deadLetterQueue = 'dead-letter'

/** More waiting jobs than this mean that they are added faster than they run. */
export const backlogSize = 1000

export interface QueueState {
  name: JobName
  /** `failed`: the latest job was given up. `behind`: jobs are added faster than they run. */
  state: 'idle' | 'running' | 'behind' | 'failed'
  waiting: number
  lastDoneAt: Date | null
}
