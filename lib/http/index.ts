export { toCanonicalOrigin } from './canonical-origin'
export { load, named, pageActor, prefilled, required } from './page'
export { route } from './route'
export { signInFacts } from './sign-in-page'
