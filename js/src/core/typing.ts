/**
 * Keeps what is typed from being overwritten by what the kernel answers to earlier typing.
 *
 * A control is ahead as long as the kernel has not handled the last event that told of it. One thing it heeds meanwhile:
 * a text that the kernel cleared, as a chat does with what was sent. What was typed behind that text stays.
 */

import type { Channel } from './channel';

export class Typing {
  private readonly ahead = new Map<number, number>();
  /** The texts that were told of a control: the last that the kernel has handled, and those behind it. */
  private readonly told = new Map<number, [serial: number, text: string][]>();
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

  /** It is told now, with the text that it is, if it is one. */
  sent(id: number, serial: number, text: unknown): void {
    this.ahead.set(id, serial);
    if (typeof text === 'string') this.told.set(id, [...this.heardOf(id), [serial, text]]);
  }

  forget(id: number): void {
    this.ahead.delete(id);
    this.told.delete(id);
  }

  /** The kernel cleared a control that is ahead: of its text only what was typed since is left, and told. */
  cleared(id: number, element: Element): void {
    const [serial, known] = this.heardOf(id)[0] ?? [Infinity];
    if (!known || serial > this.channel.seen || this.composing === element || !isText(element) || !element.value.startsWith(known)) return;
    const { selectionStart, selectionEnd } = element;
    element.value = element.value.slice(known.length);
    if (selectionStart !== null && selectionEnd !== null && element.matches(':focus')) {
      element.setSelectionRange(Math.max(0, selectionStart - known.length), Math.max(0, selectionEnd - known.length));
    }
    this.told.delete(id); // it is cleared once
    queueMicrotask(() => element.dispatchEvent(new Event('input', { bubbles: true })));
  }

  private heardOf(id: number): [serial: number, text: string][] {
    const told = this.told.get(id) ?? [];
    const handled = told.filter(([serial]) => serial <= this.channel.seen).length;
    return told.slice(Math.max(0, handled - 1));
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

function isText(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && /^(?:text|search)$/.test(element.type));
}
