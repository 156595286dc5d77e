/**
 * flow's page: one ES module that a host of widgets imports, with its style in it, the stub that shares it, and what
 * few trees need.
 * In page/ what a page of its own has besides: what loads Python, and styles as files, for they are wanted at once.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build, transform } from 'esbuild';

const BROWSERS = ['chrome120', 'firefox117', 'safari17.2'];

/** Style sheets are imported as their text, made small like the code. */
const styles = dev => ({
  name: 'styles',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const { code } = await transform(text, { loader: 'css', minify: !dev, target: BROWSERS, charset: 'utf8' });
      return { contents: code.trim(), loader: 'text' };
    });
  },
});

const ENTRIES = {
  'flow.js': 'index.ts',
  'stub.js': 'stub.ts',
  'sanitizer.js': 'sanitizer.ts',
  'page/loader.js': 'page/loader.ts',
  'page/service.js': 'page/service.ts',
  'page/worker.js': 'page/worker.ts',
  'page/dev.js': 'page/dev.ts',
};
const STYLES = { 'page/flow.css': ['page.css', 'flow.css', 'viz.css'], 'page/dev.css': ['dev.css'] };

/** The modules, by their paths in their folder. */
export async function flow(options) {
  const made = Object.entries(ENTRIES).map(async ([name, entry]) => [name, await bundled(entry, options)]);
  const sheets = Object.entries(STYLES).map(async ([name, parts]) => [name, await style(parts, options)]);
  return new Map(await Promise.all([...made, ...sheets]));
}

async function style(parts, { root, dev }) {
  const texts = await Promise.all(parts.map(name => readFile(join(root, 'src', 'style', name), 'utf8')));
  const { code } = await transform(texts.join('\n'), { loader: 'css', minify: !dev, target: BROWSERS, charset: 'utf8' });
  return code;
}

async function bundled(entry, { root, dev }) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    target: BROWSERS,
    charset: 'utf8',
    minify: !dev,
    sourcemap: dev ? 'inline' : false,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [styles(dev)],
  });
  return outputFiles[0].text;
}

/** What a text weighs on its way to a page, in bytes. */
export function zipped(text) {
  return gzipSync(text, { level: 9 }).length;
}
