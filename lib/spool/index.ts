export { createSpool, isKept, type Spool, type SpoolOptions } from './spool'
