import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Relative addresses and routes after the `#`: one build serves `/` and `/own/` alike.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 15700,
    strictPort: true,
    proxy: { '/v1': 'http://127.0.0.1:15701', '/own/v1': 'http://127.0.0.1:15701' },
  },
})
