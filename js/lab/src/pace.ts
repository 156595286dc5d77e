/** Does a piece of work when asked, at most ten times a second, however often it is asked. */
import type { IDisposable } from '@lumino/disposable';

/** Milliseconds. */
const PAUSE = 100;

export class Pace implements IDisposable {
  isDisposed = false;

  constructor(private readonly work: () => void) {}

  ask(): void {
    if (this.timer === undefined && !this.isDisposed) {
      const wait = Math.max(this.last + PAUSE - performance.now(), 0);
      this.timer = window.setTimeout(() => {
        this.timer = undefined;
        this.last = performance.now();
        this.work();
      }, wait);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    window.clearTimeout(this.timer);
  }

  private timer?: number;
  private last = -Infinity;
}
