import { svelte } from '@sveltejs/vite-plugin-svelte'
import { viteSingleFile } from 'vite-plugin-singlefile'
import { defineConfig } from 'vitest/config'
import { fixtures } from './dev/server.ts'

// ASSAY_SERVER=http://127.0.0.1:5000 sends the API to a running `assay serve`; else `npm run dev` answers from dev/data.
const server = process.env['ASSAY_SERVER']
const proxied = ['/api', '/session', '/signin', '/signout']

export default defineConfig({
  plugins: [svelte(), viteSingleFile({ removeViteModuleLoader: true }), ...(server ? [] : [fixtures()])],
  build: {
    target: 'es2022',
    assetsInlineLimit: 100_000_000,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: { proxy: server ? Object.fromEntries(proxied.map((path) => [path, { target: server }])) : {} },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
