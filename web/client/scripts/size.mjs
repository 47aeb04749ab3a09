// Says how large each entry is in a page, in bytes, minified and gzipped; frameworks are not counted, the core is.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const sources = fileURLToPath(new URL('../src/', import.meta.url));
const sizes = {};
for (const entry of process.argv.slice(2)) {
  const { output } = await build({
    root: sources,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      rolldownOptions: {
        input: `${sources}${entry}.ts`,
        preserveEntrySignatures: 'strict',
        external: [/^@apollo/, /^@urql/, /^(graphql|relay-runtime|rxjs)$/],
      },
    },
  });
  const code = output.map((chunk) => chunk.code ?? '').join('');
  sizes[entry] = { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}
process.stdout.write(`${JSON.stringify(sizes)}\n`);
