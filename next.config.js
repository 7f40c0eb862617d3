import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin({
  requestConfig: './lib/i18n/request.ts',
  experimental: {
    messages: { path: './lib/i18n/messages', format: 'json', locales: 'infer', precompile: true },
  },
})

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  // Without a root of its own, a lockfile higher up would move server.js into a sub-folder.
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: {
    '/**': ['./lib/db/migrations/**', './node_modules/@electric-sql/pglite/dist/*.{wasm,data,js}'],
  },
  serverExternalPackages: ['@alicloud/openapi-client', '@electric-sql/pglite', 'pg', 'pinyin-pro'],
  reactCompiler: true,
  // A page tells by it whether it was loaded anew for this build already.
  compiler: { define: { MUSTER_BUILD: process.env.MUSTER_BUILD ?? 'development' } },
  poweredByHeader: false,
  images: { unoptimized: true },
  // Next keeps a copy of each body for proxy.ts, which is asked only of requests that no route takes.
  experimental: { proxyClientMaxBodySize: '64kb' },
}

export default withNextIntl(config)
