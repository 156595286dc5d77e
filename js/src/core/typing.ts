/**
 * Keeps what is typed from being overwritten by what the kernel answers to earlier typing.
 *
 * A control is ahead as long as the kernel has not handled the last event that told of it.
 */

import type { Channel } from './channel';

export class Typing {
  private readonly ahead = new Map<number, number>();
  private composing: EventTarget | null = null;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly channel: Channel,
    place: EventTarget,
    signal: AbortSignal
  ) {
    place.addEventListener('compositionstart', ({ target }) => (this.composing = target), { signal });
    place.addEventListener('compositionend', () => this.composed(), { signal });
  }

  /** Something was typed that is not told yet. */
  begun(id: number): void {
    this.ahead.set(id, Infinity);
  }

  /** It is told now. */
  sent(id: number, serial: number): void {
    this.ahead.set(id, serial);
  }

  forget(id: number): void {
    this.ahead.delete(id);
  }

  /**
   * Whether what is in a control is newer than what the kernel knew. Letters that are being composed may not be touched
   * either: `later` is called when they are.
   */
  isAhead(id: number, element: Element, later?: () => void): boolean {
    if (this.composing === element) {
      if (later) this.waiting.push(later);
      return true;
    }
    return (this.ahead.get(id) ?? 0) > this.channel.seen;
  }

  private composed(): void {
    this.composing = null;
    // After the input event that tells of the composed text, for then the text is ahead.
    setTimeout(() => {
      for (const each of this.waiting.splice(0)) each();
    });
  }
}
