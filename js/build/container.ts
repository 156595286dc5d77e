/**
 * A module-federation container by hand: JupyterLab finds it in `window._JUPYTERLAB`, gives it the modules that all
 * extensions share, and asks it for the extension. Of webpack's runtime this is all an extension needs.
 */

/** A shared module's version, as webpack keeps it in the scope. */
export interface SharedVersion {
  get(): Promise<() => unknown> | (() => unknown);
  loaded?: boolean | 0 | 1;
  from?: string;
}

/** The modules that all extensions share: package, then version. */
export type SharedScope = Record<string, Record<string, SharedVersion>>;

/** What JupyterLab asks of a container. */
export interface Container {
  init(scope: SharedScope): void;
  get(name: string): Promise<() => unknown>;
}

/** What is looked at of a plugin; its tokens are compared by identity. */
export interface Plugin {
  requires?: readonly unknown[];
  provides?: unknown;
}

/** The bundle: a CommonJS module that exports its plugins by the name of their file. Not run before its modules are there. */
export type Bundle = (
  require: (name: string) => unknown,
  module: { exports: { plugins?: Readonly<Record<string, Plugin>> } },
) => void;

/** The module that JupyterLab is given: the list of plugins as an ES module's default export. */
interface Extension {
  __esModule: true;
  default: Plugin[];
}

/**
 * A container called `name` that offers one module, `./extension`, made of `bundle`. `needs` tells the shared modules
 * of each plugin. Hosts such as Voila load all labextensions and share less: there it has the plugins that can be.
 */
export function container(
  name: string,
  needs: Readonly<Record<string, readonly string[]>>,
  bundle: Bundle,
): Container {
  let scope: SharedScope | undefined;
  let extension: Promise<Extension> | undefined;

  const load = async (): Promise<Extension> => {
    const modules = new Map<string, unknown>();
    const shared = [...new Set(Object.values(needs).flat())];
    await Promise.all(shared.map(async wanted => modules.set(wanted, await take(scope ?? {}, wanted))));
    const module: Parameters<Bundle>[1] = { exports: {} };
    bundle(wanted => modules.get(wanted) ?? absent, module);
    const { plugins = {} } = module.exports;
    const lacks = (file: string) => needs[file].some(wanted => modules.get(wanted) === undefined);
    return { __esModule: true, default: possible(plugins, Object.keys(plugins).filter(lacks)) };
  };

  return {
    init(given) {
      scope ??= given;
    },
    async get(asked) {
      if (asked !== './extension') {
        throw new Error(`${name} has no module ${asked}, only ./extension`);
      }
      const exports = await (extension ??= load());
      return () => exports;
    },
  };
}

/** The plugins without those of the files `left`, and without what requires something that one of these provides. */
function possible(plugins: Readonly<Record<string, Plugin>>, left: readonly string[]): Plugin[] {
  const lost = new Set(left.map(file => plugins[file].provides ?? absent));
  const isLost = (file: string) => left.includes(file) || plugins[file].requires?.some(token => lost.has(token));
  const more = Object.keys(plugins).filter(isLost);
  return more.length > left.length
    ? possible(plugins, more)
    : Object.keys(plugins)
        .filter(file => !left.includes(file))
        .map(file => plugins[file]);
}

/** Stands for a module that the page does not share, and for all in it: code that is only loaded runs through. */
const absent: unknown = new Proxy(class {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : absent),
  apply: () => absent,
  construct: () => ({}),
});

async function take(scope: SharedScope, wanted: string): Promise<unknown> {
  const versions = Object.entries(scope[wanted] ?? {}).sort(best);
  if (versions.length === 0) {
    return undefined;
  }
  const [, chosen] = versions[0];
  chosen.loaded = 1; // so that whoever asks next gets the same instance
  const factory = await chosen.get();
  return factory();
}

/**
 * JupyterLab's modules are singletons: the version in use is the right one, whatever else is on offer. Where none is
 * in use yet, it is the application's own (an extension's `from` is the name of its container), then the highest.
 */
function best(a: [string, SharedVersion], b: [string, SharedVersion]): number {
  return (
    Number(Boolean(b[1].loaded)) - Number(Boolean(a[1].loaded)) ||
    Number(isTheApplications(b[1])) - Number(isTheApplications(a[1])) ||
    b[0].localeCompare(a[0], 'en', { numeric: true })
  );
}

function isTheApplications(version: SharedVersion): boolean {
  return version.from === undefined || !(version.from in (window._JUPYTERLAB ?? {}));
}

declare global {
  interface Window {
    /** Every extension's container, by the extension's name. */
    _JUPYTERLAB?: Record<string, Container>;
  }
}
