/**
 * With NODE_USE_ENV_PROXY Node asks even this machine through the proxy. `fetch` reads who is exempt before each call;
 * `http.globalAgent` keeps the list that it was made with.
 */
export function exemptThisMachine(env: NodeJS.ProcessEnv): void {
  const exempt = env.no_proxy ?? env.NO_PROXY
  // An IPv6 address is exempt only in the brackets that it has in a URL.
  env.no_proxy = [exempt, 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(',')
}
