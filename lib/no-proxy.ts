/**
 * With NODE_USE_ENV_PROXY, Node uses the proxy even for this machine. `fetch` reads `no_proxy` before each call;
 * `http.globalAgent` keeps the list it was created with.
 */
export function exemptThisMachine(env: NodeJS.ProcessEnv): void {
  const exempt = env.no_proxy ?? env.NO_PROXY
  // An IPv6 address is exempt only if written in brackets, as in a URL.
  env.no_proxy = [exempt, 'localhost', '127.0.0.1', '[::1]'].filter(Boolean).join(',')
}
