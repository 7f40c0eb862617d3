export { toOwnName } from './own-name'
export { load, named, pageContext, prefilled, required } from './page'
export { route } from './route'
export { signInFacts } from './sign-in-page'
