/** The tests of the browser's half: in Node, with a DOM of jsdom's. */

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vitest/config';

const MARK = '\0text:';

/** Stylesheets are imported as their text here too, as in the build. */
const text: Plugin = {
  name: 'text',
  enforce: 'pre',
  resolveId(source, importer) {
    const isText = /\.(css|svg)$/.test(source) && importer && !importer.includes('node_modules');
    // The name ends otherwise than in .css, or vite would compile it as a stylesheet.
    return isText ? `${MARK}${resolve(dirname(importer), source)}.text` : undefined;
  },
  async load(id) {
    if (!id.startsWith(MARK)) return undefined;
    const file = id.slice(MARK.length, -'.text'.length);
    return `export default ${JSON.stringify(await readFile(file, 'utf8'))};`;
  },
};

export default defineConfig({
  plugins: [text],
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.ts'],
    // JupyterLab's packages are written for bundlers: Node cannot import them by itself.
    server: { deps: { inline: [/@jupyterlab\//, /@lumino\//, /@jupyter\//] } },
  },
});
