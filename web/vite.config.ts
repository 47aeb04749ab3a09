// How the pages are built: each page is a folder here, built by scripts/build.mjs into graph/static/<page>/ and served at /<page>/.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// GraphiQL bundles all of Monaco, and three copies of Prettier with a JavaScript parser to indent JSON. The built files are committed,
// so these stand in for what is far too large for what it does.
const standIns = [
  { find: /^(\.|monaco-graphql\/esm)\/monaco-editor(\.js)?$/, replacement: here('graphiql/monaco.ts') },
  { find: /^prettier\/(plugins\/estree|parser-babel)$/, replacement: here('graphiql/prettier-json.ts') },
  { find: 'prettier/parser-graphql', replacement: 'prettier/plugins/graphql' },
];

/** The GraphQL worker could format too; the page's own button does. */
const withoutPrettier = (): Plugin => ({
  name: 'worker-without-prettier',
  enforce: 'pre',
  resolveId: (id) => (id.startsWith('prettier/') ? 'no-prettier' : null),
  load: (id) => (id === 'no-prettier' ? 'export {}' : null),
});

/** Hashes without capitals, so that no two names are one on a disk that ignores case. */
const names = { hashCharacters: 'hex' } as const;

/** Features.DirSelector of lightningcss: it would make a list of languages of :dir(rtl), which is another question. */
const DIR_SELECTOR = 4;

export default defineConfig({
  base: './',
  plugins: [react()],
  // Our own packages are built from their sources.
  resolve: { alias: standIns, conditions: ['palaver-source', ...defaultClientConditions] },
  css: { lightningcss: { exclude: DIR_SELECTOR } },
  worker: {
    format: 'es',
    plugins: () => [withoutPrettier()],
    rolldownOptions: { output: names },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // Small files stay files: the page's Content-Security-Policy need not allow data: for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    license: { fileName: 'third-party-licenses.md' },
    rolldownOptions: {
      output: names,
      // "use no memo" and "use client" mean nothing in a bundle.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
  server: {
    proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } },
  },
});
