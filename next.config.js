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
  // Without an explicit root, a lockfile in a parent folder would move server.js into a subfolder.
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingIncludes: {
    '/**': ['./lib/db/migrations/**', './node_modules/@electric-sql/pglite/dist/*.{wasm,data,js}'],
  },
  serverExternalPackages: ['@alicloud/openapi-client', '@electric-sql/pglite', 'pg', 'pg-boss', 'pinyin-pro'],
  reactCompiler: true,
  // Lets a page know whether it has already been reloaded for this build.
  compiler: { define: { MUSTER_BUILD: process.env.MUSTER_BUILD ?? 'development' } },
  poweredByHeader: false,
  images: { unoptimized: true },
  // Next buffers each body for proxy.ts, which is called only for requests without a route.
  experimental: { proxyClientMaxBodySize: '64kb' },
}

export default withNextIntl(config)
