import { afterEach, expect, test, vi } from 'vitest';

import { container } from '../../build/container';
import type { Bundle, Container, Plugin, SharedScope, SharedVersion } from '../../build/container';

const WIDGETS = '@lumino/widgets';

/** A version of a shared module that says which it is. */
const version = (tells: string, more: Partial<SharedVersion> = {}): SharedVersion => ({
  get: async () => () => tells,
  ...more,
});

/** An extension of one plugin, which provides the shared module it was given. */
const echo: Bundle = (require, module) => {
  module.exports.plugins = { echo: { provides: require(WIDGETS) } };
};
const NEEDS = { echo: [WIDGETS] };

/** The plugins that a container offers. */
async function offered(made: Container): Promise<Plugin[]> {
  const module = (await made.get('./extension'))() as { __esModule: boolean; default: Plugin[] };
  expect(module).toHaveProperty('__esModule', true); // else JupyterLab takes the module itself for its plugins
  return module.default;
}

async function taken(versions: SharedScope[string]): Promise<unknown> {
  const made = container('ours', NEEDS, echo);
  made.init({ [WIDGETS]: versions });
  return (await offered(made))[0].provides;
}

afterEach(() => {
  delete window._JUPYTERLAB;
});

test('the version in use is taken, whatever else is on offer', async () => {
  expect(await taken({ '2.0.0': version('used', { loaded: 1 }), '2.9.0': version('newer') })).toBe('used');
});

test("with none in use, the application's own is taken rather than another extension's newer one", async () => {
  window._JUPYTERLAB = { stranger: container('stranger', {}, () => undefined) };
  expect(
    await taken({
      '2.0.0': version('own', { from: '@jupyterlab/application-top' }),
      '2.9.0': version("stranger's", { from: 'stranger' }),
    }),
  ).toBe('own');
});

test('versions are compared as numbers', async () => {
  expect(await taken({ '2.9.0': version('nine'), '2.10.0': version('ten') })).toBe('ten');
});

test('the version taken is marked as in use, so that whoever asks next gets the same', async () => {
  const only = version('only');
  await taken({ '2.0.0': only });
  expect(only.loaded).toBe(1);
});

test('plugins that need a module the page does not share are left out, and what requires them; the others are there', async () => {
  const token = {};
  const all: Record<string, Plugin> = {
    provider: { provides: token },
    user: { requires: [token] },
    echo: {},
    apart: {},
  };
  const needs = { provider: ['@codemirror/view'], user: [WIDGETS], echo: [WIDGETS], apart: [] };
  const there = async (scope: SharedScope) => {
    const made = container('ours', needs, (_, module) => (module.exports.plugins = all));
    made.init(scope);
    return (await offered(made)).map(each => Object.keys(all).find(file => all[file] === each));
  };
  const widgets = { [WIDGETS]: { '2.0.0': version('there') } };
  expect(await there(widgets)).toEqual(['echo', 'apart']);
  expect(await there({})).toEqual(['apart']);
  expect(await there({ ...widgets, '@codemirror/view': { '6.0.0': version('there') } })).toEqual(Object.keys(all));
});

test('code that is loaded with what the page does not share runs through', async () => {
  const made = container('ours', NEEDS, (require, module) => {
    const { Panel, Facet, signal } = require(WIDGETS) as {
      Panel: new () => object;
      Facet: { define(): { of(value: unknown): unknown } };
      signal: { connect(): void };
    };
    class Ours extends Panel {}
    signal.connect();
    module.exports.plugins = { echo: { provides: [new Ours(), Facet.define().of(1)] } };
  });
  made.init({});
  expect(await offered(made)).toEqual([]);
});

test('a module that the container does not have is named', async () => {
  await expect(container('ours', {}, echo).get('./style')).rejects.toThrow('ours has no module ./style');
});

test('the bundle runs once, after its shared modules are there, and not before it is asked for', async () => {
  const bundle = vi.fn(echo);
  const made = container('ours', NEEDS, bundle);
  made.init({ [WIDGETS]: { '2.0.0': version('there') } });
  expect(bundle).not.toHaveBeenCalled();
  await Promise.all([made.get('./extension'), made.get('./extension')]);
  expect(bundle).toHaveBeenCalledOnce();
});
