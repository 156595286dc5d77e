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

/** The bundle: a CommonJS module, not run before its shared modules are there. */
export type Bundle = (
  require: (name: string) => unknown,
  module: { exports: unknown },
) => void;

/** A container called `name` that offers one module, `./extension`, made of `shared` modules and `bundle`. */
export function container(name: string, shared: readonly string[], bundle: Bundle): Container {
  let scope: SharedScope | undefined;
  let extension: Promise<unknown> | undefined;

  const load = async (): Promise<unknown> => {
    const modules = new Map<string, unknown>();
    await Promise.all(
      shared.map(async wanted => modules.set(wanted, await take(name, scope ?? {}, wanted))),
    );
    const module = { exports: {} };
    bundle(wanted => modules.get(wanted), module);
    return module.exports;
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

async function take(name: string, scope: SharedScope, wanted: string): Promise<unknown> {
  const versions = Object.entries(scope[wanted] ?? {}).sort(best);
  if (versions.length === 0) {
    throw new Error(
      `${name} needs ${wanted}, which this page does not share. Sideflow works in JupyterLab 4.2 and later.`,
    );
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
