import { afterEach, expect, test, vi } from 'vitest';

import { container } from '../../build/container';
import type { Bundle, SharedScope, SharedVersion } from '../../build/container';

const WIDGETS = '@lumino/widgets';

/** A version of a shared module that says which it is. */
const version = (tells: string, more: Partial<SharedVersion> = {}): SharedVersion => ({
  get: async () => () => tells,
  ...more,
});

/** An extension that exports the shared module it was given. */
const echo: Bundle = (require, module) => {
  module.exports = require(WIDGETS);
};

async function taken(versions: SharedScope[string]): Promise<unknown> {
  const made = container('ours', [WIDGETS], echo);
  made.init({ [WIDGETS]: versions });
  return (await made.get('./extension'))();
}

afterEach(() => {
  delete window._JUPYTERLAB;
});

test('the version in use is taken, whatever else is on offer', async () => {
  expect(await taken({ '2.0.0': version('used', { loaded: 1 }), '2.9.0': version('newer') })).toBe('used');
});

test("with none in use, the application's own is taken rather than another extension's newer one", async () => {
  window._JUPYTERLAB = { stranger: container('stranger', [], () => undefined) };
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

test('a module that the page does not share is named', async () => {
  const made = container('ours', [WIDGETS], echo);
  made.init({});
  await expect(made.get('./extension')).rejects.toThrow('ours needs @lumino/widgets, which this page does not share');
});

test('a module that the container does not have is named', async () => {
  await expect(container('ours', [], echo).get('./style')).rejects.toThrow('ours has no module ./style');
});

test('the bundle runs once, after its shared modules are there, and not before it is asked for', async () => {
  const bundle = vi.fn(echo);
  const made = container('ours', [WIDGETS], bundle);
  made.init({ [WIDGETS]: { '2.0.0': version('there') } });
  expect(bundle).not.toHaveBeenCalled();
  await Promise.all([made.get('./extension'), made.get('./extension')]);
  expect(bundle).toHaveBeenCalledOnce();
});
