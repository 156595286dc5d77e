/** The user's settings, as they are now. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal, type ISignal } from '@lumino/signaling';

import { DEFAULTS, type IOptions } from './options';

export const SETTINGS_ID = 'sideflow:statements';

export class Settings {
  options: IOptions = DEFAULTS;

  constructor(registry: ISettingRegistry | null) {
    void registry?.load(SETTINGS_ID).then(
      loaded => {
        const read = () => {
          this.options = { ...DEFAULTS, ...(loaded.composite as Partial<IOptions>) };
          this._changed.emit();
        };
        loaded.changed.connect(read);
        read();
        this._loaded = loaded;
      },
      reason => console.warn(`sideflow: the settings could not be read, so the defaults hold: ${reason}`)
    );
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Set one option for good, where there are settings, else for this page. */
  async set<K extends keyof IOptions>(name: K, value: IOptions[K]): Promise<void> {
    this.options = { ...this.options, [name]: value };
    this._changed.emit();
    await this._loaded?.set(name, value);
  }

  private _loaded?: ISettingRegistry.ISettings;
  private readonly _changed = new Signal<this, void>(this);
}
