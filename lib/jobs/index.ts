export { createJobs, type Handlers, type Jobs } from './jobs.ts'
