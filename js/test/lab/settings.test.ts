// @vitest-environment node
import { readFileSync } from 'node:fs';

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import { afterEach, expect, test, vi } from 'vitest';

import { DEFAULTS, type IOptions } from '../../lab/src/options';
import { Settings, SETTINGS_ID } from '../../lab/src/settings';
import { settled } from '../support/session';

/** One plugin's settings, as the registry hands them out. */
class FakeSettings {
  readonly changed = new Signal<this, void>(this);

  constructor(public composite: Record<string, unknown>) {}

  async set(name: string, value: unknown): Promise<void> {
    this.composite = { ...this.composite, [name]: value };
    this.changed.emit();
  }
}

function registry(load: (id: string) => Promise<FakeSettings>): ISettingRegistry {
  return { load } as unknown as ISettingRegistry;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('the defaults are those that the schema tells the user', () => {
  const schema = JSON.parse(readFileSync(new URL('../../lab/schema/statements.json', import.meta.url), 'utf8')) as {
    properties: Record<string, { default: unknown }>;
  };
  const told = Object.entries(schema.properties).map(([name, { default: value }]) => [name, value]);
  expect(DEFAULTS).toEqual(Object.fromEntries(told));
});

test('the defaults hold until the settings are read, then what the user chose', async () => {
  const load = vi.fn(async () => new FakeSettings({ minimumTime: 50 }));
  const settings = new Settings(registry(load));
  const heard: IOptions[] = [];
  settings.changed.connect(() => heard.push(settings.options));
  expect(settings.options).toEqual(DEFAULTS);
  await settled();
  expect(load).toHaveBeenCalledExactlyOnceWith(SETTINGS_ID);
  expect(heard).toEqual([{ ...DEFAULTS, minimumTime: 50 }]);
});

test('a change that is made elsewhere is heard', async () => {
  const loaded = new FakeSettings({});
  const settings = new Settings(registry(async () => loaded));
  await settled();
  await loaded.set('inlineResults', false);
  expect(settings.options).toEqual({ ...DEFAULTS, inlineResults: false });
});

test('what is set here is kept with the settings', async () => {
  const loaded = new FakeSettings({ minimumTime: 50 });
  const settings = new Settings(registry(async () => loaded));
  await settled();
  await settings.set('strip', false);
  expect(loaded.composite).toEqual({ minimumTime: 50, strip: false });
  expect(settings.options).toEqual({ ...DEFAULTS, minimumTime: 50, strip: false });
});

test('without settings, what is set holds for this page', async () => {
  const settings = new Settings(null);
  const heard = vi.fn();
  settings.changed.connect(heard);
  await settings.set('strip', false);
  expect(settings.options).toEqual({ ...DEFAULTS, strip: false });
  expect(heard).toHaveBeenCalledOnce();
});

test('settings that cannot be read leave the defaults, and are told of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const settings = new Settings(registry(() => Promise.reject(new Error('no such plugin'))));
  await settled();
  expect(settings.options).toEqual(DEFAULTS);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no such plugin'));
});
