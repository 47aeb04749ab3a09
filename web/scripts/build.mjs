// Builds every page into graph/static/<page>/, and writes beside it the fingerprint of the sources it was built from.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { fingerprintOfFiles, fingerprintOfSources } from './fingerprint.mjs';
import { inside } from './inside.mjs';

// Where a page's files are: beside it, or, for one that has several addresses, always in one place.
const PAGES = { graphiql: './', inbox: '/inbox/', elements: '/elements/' };
// Not a page but one script, with all that it needs, for the pages of others.
const ELEMENTS = {
  plugins: inside(),
  build: {
    cssCodeSplit: false,
    rolldownOptions: {
      input: fileURLToPath(new URL('../elements/main.ts', import.meta.url)),
      output: { entryFileNames: 'palaver.js', codeSplitting: false },
    },
  },
};
const web = fileURLToPath(new URL('..', import.meta.url));
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

// `npm run build -- inbox` builds one of them: quicker while one works on it, but the others' fingerprints grow old.
const wanted = process.argv.slice(2);

for (const [page, base] of Object.entries(PAGES)) {
  if (wanted.length > 0 && !wanted.includes(page)) continue;
  const outDir = fileURLToPath(new URL(`../../graph/static/${page}/`, import.meta.url));
  const { plugins, build: rest } = page === 'elements' ? ELEMENTS : {};
  await build({ configFile, base, root: `${web}${page}`, plugins, build: { outDir, emptyOutDir: true, ...rest } });
  const record = { source: await fingerprintOfSources(web), built: await fingerprintOfFiles(outDir) };
  await writeFile(`${outDir}build.json`, `${JSON.stringify(record, null, 2)}\n`);
}
