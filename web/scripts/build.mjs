// Builds every page into graph/static/<page>/, and writes beside it the fingerprint of the sources it was built from.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { fingerprintOfFiles, fingerprintOfSources } from './fingerprint.mjs';

const PAGES = ['graphiql'];
const web = fileURLToPath(new URL('..', import.meta.url));
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

for (const page of PAGES) {
  const outDir = fileURLToPath(new URL(`../../graph/static/${page}/`, import.meta.url));
  await build({ configFile, root: `${web}${page}`, build: { outDir, emptyOutDir: true } });
  const record = { source: await fingerprintOfSources(web), built: await fingerprintOfFiles(outDir) };
  await writeFile(`${outDir}build.json`, `${JSON.stringify(record, null, 2)}\n`);
}
