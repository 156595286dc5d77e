/** Tells a screen reader when a cell has ended, politely, and once. */
import type { IDisposable } from '@lumino/disposable';

import type { CellRun } from './runs';
import type { Settings } from './settings';
import { announcement } from './words';

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
      this.running.add(run);
    } else if (this.running.delete(run) && this.settings.options.announce) {
      this.region.textContent = announcement(run);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.region.remove();
  }

  private readonly region = document.createElement('div');
  private readonly running = new Set<CellRun>();
}
