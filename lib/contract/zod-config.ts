import * as z from 'zod/mini'

// Every file with a schema imports this, so that zod is set up before anything is parsed. The schemas
// themselves import `zod/mini` directly: if a module of ours re-exported it, bundlers would keep all of it.
//
// zod probes `new Function` on its first object parse, which a strict script-src reports as a violation.
// Its English default messages never reach a person: every issue becomes a key of the message catalog.
z.config({
  jitless: true,
  customError: (issue) => (issue.code === 'too_big' ? 'input.too_long' : 'input.required'),
})
