/**
 * Builds the browser's half: `node build.mjs [--dev] [--watch]`.
 *
 * A target is a folder and a function that makes its files. --dev leaves the code readable and adds a source map;
 * --watch builds again whenever a source changes.
 */

import { watch } from 'node:fs';
import { mkdir, readFile, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { flow, zipped } from './build/flow.mjs';
import { labextension } from './build/labextension.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const options = { root, dev: process.argv.includes('--dev'), version: await projectVersion() };

const TARGETS = [
  { folder: join(root, 'dist', 'lab'), make: labextension },
  { folder: resolve(root, '..', 'widgets', 'flow', 'static'), make: flow },
];

/** Build every target, one after another, and say what it weighs. */
async function buildAll() {
  for (const { folder, make } of TARGETS) {
    const files = await make(options);
    await write(folder, files);
    const sum = weigh => [...files.values()].reduce((bytes, text) => bytes + weigh(text), 0);
    const size = `${kilobytes(sum(Buffer.byteLength))}, ${kilobytes(sum(zipped))} zipped`;
    console.log(`${relative(process.cwd(), folder)}: ${files.size} file${files.size === 1 ? '' : 's'}, ${size}`);
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** Write what is new, in the order given, and take away what is no longer made. A page that loads meanwhile finds either. */
async function write(folder, files) {
  for (const [name, text] of files) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const there = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of there.reverse()) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isDirectory()) {
      await rmdir(path).catch(() => undefined); // not empty: in use
    } else if (!files.has(relative(folder, path).split(sep).join('/'))) {
      await rm(path);
    }
  }
}

/** The version is told once, in pyproject.toml. */
async function projectVersion() {
  const file = resolve(root, '..', 'pyproject.toml');
  const found = /^version = "([^"]+)"$/m.exec(await readFile(file, 'utf8'));
  if (!found) {
    throw new Error(`${file} has no line: version = "…"`);
  }
  return found[1];
}

/** Say what is wrong the way a compiler does: file, line, reason. */
function report(error) {
  const at = ({ file, line, column }) => `${file}:${line}:${column + 1}: `;
  const messages = error.errors?.map(({ text, location }) => (location ? at(location) : '') + text);
  console.error((messages ?? [error.stack]).join('\n'));
}

async function buildOrReport() {
  try {
    await buildAll();
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

await buildOrReport();
if (process.argv.includes('--watch')) {
  let waiting;
  for (const sources of ['lab', 'src', 'build']) {
    try {
      watch(join(root, sources), { recursive: true }, () => {
        clearTimeout(waiting);
        waiting = setTimeout(buildOrReport, 50); // an editor saves in several steps
      });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error; // not every half has sources yet
    }
  }
}
