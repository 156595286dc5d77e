/** The labextension: one script that JupyterLab loads, the files that tell of it, and its settings' schemas. */

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { build, transform } from 'esbuild';

const NAME = 'sideflow';

/** What JupyterLab and its extensions hold in common. Their code must not come twice, for their tokens are compared by identity. */
const SHARED = /^(@jupyterlab|@lumino|@codemirror|@lezer)\/|^(@jupyter\/ydoc|react|react-dom|yjs)(\/|$)/;
const A_PACKAGE = /^(@[^/]+\/)?[^/]+$/;

/** Leaves the shared packages out of the bundle. */
const shared = {
  name: 'shared',
  setup(esbuild) {
    esbuild.onResolve({ filter: SHARED }, ({ path }) =>
      A_PACKAGE.test(path)
        ? { path, external: true, sideEffects: false }
        : { errors: [{ text: `JupyterLab shares whole packages: import from the package, not from ${path}` }] },
    );
  },
};

/** The labextension's files, by their path in its folder; and the sources they were made of. */
export async function labextension({ root, version, dev }) {
  const source = join(root, 'lab');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(source, 'src', 'index.ts')],
    absWorkingDir: root,
    outdir: join(root, 'dist', 'lab', 'static'),
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2021',
    charset: 'utf8',
    loader: { '.css': 'text', '.svg': 'text' },
    minify: !dev,
    sourcemap: dev ? 'external' : false,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    plugins: [shared],
  });
  const bundle = outputFiles.find(file => file.path.endsWith('.js'));
  const map = outputFiles.find(file => file.path.endsWith('.map'));
  const opening = `${await opener(root, neededBy(metafile))}\n`;
  const code = `${opening}${bundle.text}});\n`;
  const script = `remoteEntry.${createHash('sha256').update(code).digest('hex').slice(0, 20)}.js`;
  const about = JSON.stringify(packageJson(version, script), null, 2) + '\n';

  const files = new Map();
  files.set(`static/${script}`, map ? `${code}//# sourceMappingURL=${script}.map\n` : code);
  if (map) {
    files.set(`static/${script}.map`, movedDown(map.text, opening));
  }
  for (const name of (await readdir(join(source, 'schema'))).filter(name => name.endsWith('.json')).sort()) {
    files.set(`schemas/${NAME}/${name}`, await readFile(join(source, 'schema', name), 'utf8'));
  }
  files.set(`schemas/${NAME}/package.json.orig`, about); // where the server reads the settings' version
  files.set('install.json', JSON.stringify(INSTALL, null, 2) + '\n');
  files.set('package.json', about); // last: it names the script, which is there by now
  return files;
}

const INSTALL = {
  packageManager: 'python',
  packageName: NAME,
  uninstallInstructions: `Use your Python package manager (pip, uv, conda) to uninstall the package ${NAME}`,
};

function packageJson(version, script) {
  return {
    name: NAME,
    version,
    description: "Statement results beside the lines, and the browser's half of Sideflow",
    license: 'MIT',
    // Read by `jupyter labextension list`, which tells whoever has another JupyterLab.
    dependencies: { '@jupyterlab/application': '>=4.2.0 <5' },
    jupyterlab: {
      extension: true,
      schemaDir: 'schemas',
      _build: { load: `static/${script}`, extension: './extension' },
    },
  };
}

/** The packages that each plugin asks for when it runs, by the name of its file. */
function neededBy({ inputs }) {
  const found = (file, seen = new Set()) => {
    seen.add(file);
    return inputs[file].imports.flatMap(({ path, external }) =>
      external ? path : seen.has(path) ? [] : found(path, seen),
    );
  };
  const plugins = Object.keys(inputs).filter(file => file.endsWith('_plugin.ts'));
  return Object.fromEntries(plugins.map(file => [basename(file, '.ts'), [...new Set(found(file))].sort()]));
}

/** All that stands before the bundle's code: the container, handed that code as a function. */
async function opener(root, needed) {
  const { code } = await transform(await readFile(join(root, 'build', 'container.ts'), 'utf8'), {
    loader: 'ts',
    format: 'iife',
    globalName: 'made',
    target: 'es2021',
    minify: true,
  });
  const made = `(()=>{${code.trim()}return made.container})()`;
  return `(window._JUPYTERLAB??={})[${JSON.stringify(NAME)}]=${made}(${JSON.stringify(NAME)},${JSON.stringify(needed)},function(require,module){`;
}

/** A source map for code that now stands below `opening`: a semicolon is a line. */
function movedDown(map, opening) {
  const { mappings, ...rest } = JSON.parse(map);
  return JSON.stringify({ ...rest, mappings: ';'.repeat(opening.split('\n').length - 1) + mappings });
}
