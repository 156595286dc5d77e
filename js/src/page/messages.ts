/** What a built page and its worker, in which Python runs, say to each other. */

/** What the page is made of, as `flow build` writes it into it. Addresses start from the page's own. */
export interface Setup {
  /** flow's browser half. */
  flow: string;
  /** What sanitises raw HTML, which is loaded when some is shown. */
  sanitizer: string;
  worker: string;
  /** Archives with modules of Python: flow itself, and packages. */
  archives: readonly string[];
  /** The app's own modules: where each is, and the file that Python finds it in. */
  modules: readonly { url: string; file: string }[];
  /** The files of the app's data. */
  files: readonly { url: string; file: string }[];
  /** The folder of Pyodide. */
  pyodide: string;
  /** Python's library, compiled or not. */
  library: string;
  /** Packages that are to be loaded from that folder. */
  packages: readonly string[];
  /** The service worker, if visitors' browsers may keep the page. */
  service?: string;
  /** The module and the name in it of what is shown. */
  entry: readonly [module: string, name: string];
  /** The bytes of all that is loaded. */
  size: number;
}

/** What the service worker knows of its build. Addresses start from its scope. */
export interface Build {
  name: string;
  /** The digest of the page itself. */
  shell: string;
  /** Files that are the same for as long as they are called so. */
  files: readonly string[];
}

export type ToWorker =
  | { kind: 'start'; setup: Setup; base: string }
  | { kind: 'said'; content: unknown; buffers: readonly ArrayBuffer[] };

export type FromWorker =
  /** So many bytes of all have come. */
  | { kind: 'loaded'; bytes: number }
  /** Everything is there, and Python begins. */
  | { kind: 'started' }
  /** The tree is there. */
  | { kind: 'ready' }
  /** A message for the page, as JSON. */
  | { kind: 'told'; text: string; buffers: readonly ArrayBuffer[] }
  /** There is nothing to show. */
  | { kind: 'failed'; title: string; traceback: string };
