/** Tells a screen reader when a cell has ended, politely, and once, in however many views. */
import type { IDisposable } from '@lumino/disposable';

import type { CellRun } from './runs';
import type { Settings } from './settings';
import { announcement } from './words';

/** The runs that were seen running, by whichever view. */
const running = new WeakSet<CellRun>();

export class Announcer implements IDisposable {
  isDisposed = false;

  constructor(
    node: HTMLElement,
    private readonly settings: Settings
  ) {
    this.region.className = 'sf-announcer';
    this.region.setAttribute('role', 'status');
    this.region.setAttribute('aria-live', 'polite');
    node.append(this.region);
  }

  /** A run has changed. Only a run that was seen running is announced at its end. */
  hear(run: CellRun): void {
    if (run.state === 'running') {
      running.add(run);
    } else if (running.delete(run) && this.settings.options.announce) {
      const words = announcement(run);
      // A text that does not change is not spoken again.
      this.region.textContent = this.region.textContent === words ? `${words}\u00a0` : words;
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.region.remove();
  }

  private readonly region = document.createElement('div');
}
