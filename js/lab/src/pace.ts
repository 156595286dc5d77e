/**
 * Draws when asked: news of what goes on at most ten times a second, however often it is asked; what has ended with the
 * next frame. What is over at once is drawn once, in the frame that shows its marks.
 */
import type { IDisposable } from '@lumino/disposable';

/** Milliseconds between two times that what goes on is drawn. */
const PAUSE = 100;
/** Milliseconds that it waits at least: it may be over by then. */
const PATIENCE = 50;

export class Pace implements IDisposable {
  isDisposed = false;

  constructor(private readonly draw: () => void) {}

  ask(goesOn: boolean): void {
    if (this.isDisposed || this.frame) {
      return;
    }
    if (!goesOn) {
      window.clearTimeout(this.timer);
      this.timer = undefined;
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.last = performance.now();
        this.draw();
      });
    } else if (this.timer === undefined) {
      const wait = Math.max(this.last + PAUSE - performance.now(), PATIENCE);
      this.timer = window.setTimeout(() => this.ask(false), wait);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    window.clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  private timer?: number;
  private frame = 0;
  private last = -Infinity;
}
