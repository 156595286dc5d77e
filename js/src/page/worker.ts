/** Python in a worker: it loads Pyodide and the app, and passes on what the page and the session say to each other. */

import type { FromWorker, Setup, ToWorker } from './messages';

interface Scope {
  fetch: typeof fetch;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** The little of Pyodide that is needed here. */
interface Pyodide {
  FS: { mkdirTree(path: string): void; writeFile(path: string, content: Uint8Array): void };
  unpackArchive(archive: ArrayBuffer, format: string, options: { extractDir: string }): void;
  loadPackage(names: readonly string[]): Promise<unknown>;
  pyimport(name: 'importlib'): { invalidate_caches(): void };
  pyimport(name: 'flow.wasm.page'): { start: Start };
}

type Tell = (text: string, buffers?: readonly Uint8Array[]) => void;
type Receive = (text: string, buffers: readonly ArrayBuffer[]) => void;
type Fail = (title: string, traceback: string) => void;
type Start = (module: string, name: string, base: string, tell: Tell, fail: Fail) => Promise<Receive | undefined>;

const APP = '/app';
const LIBRARY = '/library';
/** Servers that know no better call these files anything. */
const TYPES: Readonly<Record<string, string>> = { wasm: 'application/wasm', mjs: 'text/javascript' };
/** The bytes between two reports. */
const STEP = 1 << 18;

const scope = self as unknown as Scope;
let receive: Receive | undefined;
const waiting: [string, readonly ArrayBuffer[]][] = [];

scope.onmessage = ({ data }) => {
  if (data.kind === 'start') void start(data.setup, data.base);
  else take(JSON.stringify(data.content), data.buffers);
};

function take(text: string, buffers: readonly ArrayBuffer[]): void {
  if (receive) receive(text, buffers);
  else waiting.push([text, buffers]);
}

async function start(setup: Setup, base: string): Promise<void> {
  try {
    const pyodide = await loaded(setup, base);
    scope.postMessage({ kind: 'started' });
    const [module, name] = setup.entry;
    receive = await pyodide.pyimport('flow.wasm.page').start(module, name, base, tell, fail);
    if (!receive) return; // which was told
    scope.postMessage({ kind: 'ready' });
    for (const [text, buffers] of waiting.splice(0)) receive(text, buffers);
  } catch (error) {
    const { message } = error as Error;
    fail('Python could not be started', message);
  }
}

/** Pyodide, with the app in it. Everything comes at the same time. */
async function loaded(setup: Setup, base: string): Promise<Pyodide> {
  const fetched = counted(scope.fetch.bind(scope));
  const folder = new URL(setup.pyodide, base).href;
  const library = new URL(setup.library, base).href;
  // Pyodide asks for these one after the other, and is answered with what is on its way.
  scope.fetch = early(fetched, [`${folder}pyodide.asm.wasm`, library, `${folder}pyodide-lock.json`]);
  const get = async (url: string): Promise<Response> => {
    const response = await fetched(new URL(url, base));
    if (!response.ok) throw new Error(`${url} is not there: the server says ${response.status}`);
    return response;
  };
  const env = { HOME: APP, PYTHONPATH: `${APP}:${LIBRARY}`, PYTHONDONTWRITEBYTECODE: '1' };
  const loading = import(`${folder}pyodide.mjs`).then(
    ({ loadPyodide }: { loadPyodide(options: object): Promise<Pyodide> }) =>
      loadPyodide({ indexURL: folder, stdLibURL: library, env })
  );
  void import(`${folder}pyodide.asm.mjs`).catch(() => undefined); // which pyodide.mjs imports next, and tells of
  const archives = Promise.all(setup.archives.map(async url => (await get(url)).arrayBuffer()));
  const files = Promise.all(
    [...setup.modules, ...setup.files].map(async ({ url, file }) => ({ file, content: await (await get(url)).arrayBuffer() }))
  );
  const pyodide = await loading;
  if (setup.packages.length) await pyodide.loadPackage(setup.packages);
  for (const folder of [APP, LIBRARY]) pyodide.FS.mkdirTree(folder);
  for (const archive of await archives) pyodide.unpackArchive(archive, 'zip', { extractDir: LIBRARY });
  for (const { file, content } of await files) {
    const path = `${APP}/${file}`;
    pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    pyodide.FS.writeFile(path, new Uint8Array(content));
  }
  pyodide.pyimport('importlib').invalidate_caches(); // Python looked into the folders before anything was there
  return pyodide;
}

/** `fetch` that has asked for some addresses already. */
function early(get: typeof fetch, urls: readonly string[]): typeof fetch {
  const coming = new Map(urls.map(url => [url, get(url)]));
  for (const each of coming.values()) each.catch(() => undefined); // who wants it hears of it
  return (input, options) => {
    const url = input instanceof Request ? input.url : new URL(String(input), self.location.href).href;
    const found = coming.get(url);
    coming.delete(url);
    return found ?? get(input, options);
  };
}

/** `fetch` that tells how many bytes have come, and that knows what kind of file this is. */
function counted(get: typeof fetch): typeof fetch {
  let bytes = 0;
  let told = 0;
  const known = new Set<string>();
  return async (input, options) => {
    const response = await get(input, options);
    const { pathname } = new URL(response.url || String(input), 'http://localhost');
    if (!response.ok || !response.body || known.has(pathname)) return response;
    known.add(pathname);
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes - told >= STEP) scope.postMessage({ kind: 'loaded', bytes: (told = bytes) });
        controller.enqueue(chunk);
      },
    });
    const headers = new Headers(response.headers);
    const type = TYPES[pathname.slice(pathname.lastIndexOf('.') + 1)];
    if (type && headers.get('Content-Type') === type) {
      void response.clone().body?.pipeThrough(counting).pipeTo(new WritableStream()).catch(() => undefined);
      return response; // as it came, for browsers keep what they compile of such
    }
    const body = response.body.pipeThrough(counting);
    if (type) headers.set('Content-Type', type);
    return new Response(body, { status: response.status, statusText: response.statusText, headers });
  };
}

const fail: Fail = (title, traceback) => scope.postMessage({ kind: 'failed', title, traceback });

const tell: Tell = (text, buffers) => {
  const moved = (buffers ?? []).map(each => each.buffer as ArrayBuffer); // copies of Python's, each in a buffer of its own
  scope.postMessage({ kind: 'told', text, buffers: moved }, moved);
};
