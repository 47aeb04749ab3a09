// One sha256 over the paths and contents of a folder, so that a test in another language can tell a build from its source.
// The recipe, which tests/test_static.py repeats: the files sorted by path (as UTF-8 bytes, with "/"), and for each one
// the path, a zero byte, the content with CRLF turned into LF, and a zero byte.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

const LEFT_OUT = new Set(['node_modules', 'dist']);

const isSource = (name) => !LEFT_OUT.has(name) && (!name.startsWith('.') || name === '.npmrc');

async function filesUnder(folder, isWanted, prefix = '') {
  const found = [];
  for (const entry of await readdir(`${folder}/${prefix}`, { withFileTypes: true })) {
    if (!isWanted(entry.name)) continue;
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesUnder(folder, isWanted, `${path}/`)));
    else found.push(path);
  }
  return found;
}

async function fingerprint(folder, isWanted) {
  const paths = await filesUnder(folder, isWanted);
  const hash = createHash('sha256');
  for (const path of paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const content = (await readFile(`${folder}/${path}`)).toString('latin1').replaceAll('\r\n', '\n');
    hash.update(path).update('\0').update(content, 'latin1').update('\0');
  }
  return hash.digest('hex');
}

/** Of what a build depends on: all of web/ but what is installed, built or hidden (.npmrc counts). */
export const fingerprintOfSources = (folder) => fingerprint(folder, isSource);

/** Of what was built, so that a file lost or changed on the way is noticed. */
export const fingerprintOfFiles = (folder) => fingerprint(folder, (name) => name !== 'build.json');
