export { toOwnName } from './own-name'
export { load, named, pageActor, prefilled, required } from './page'
export { route } from './route'
export { signInFacts } from './sign-in-page'
