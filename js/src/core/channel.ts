/**
 * What the page says to the kernel, and whether the kernel answers.
 *
 * Each event has a serial number; the kernel tells the last one it has handled. Until then the page says something tiny
 * a few times: a Jupyter server holds a small answer back until the packet before it, `status: busy`, is acknowledged,
 * browsers acknowledge late, and what the page sends carries the acknowledgement (47 ms become 11 to 16). Nobody tells it
 * when that packet has come, so once would often be too early. Where nothing is held back it says nothing: each word
 * costs host and kernel as much as an event.
 */

import type { EventData } from './event_data';
import type { Model } from './host';
import { sendsAtOnce } from './server';
import type { Seen } from './wire';

/** live; waiting for an answer that takes long; detached: no kernel is there. */
export type State = 'live' | 'waiting' | 'detached';

/** Milliseconds between two of the tiny messages after an event, and how many there are at most. */
const NUDGE = 3;
const NUDGES = 6;
const SLOW = 1500;
const DEAD = 5000;
const ASK_AGAIN = 1000;

export class Channel {
  /** This page, as the kernel knows it. */
  readonly page = randomName();
  /** The last event that was handled. */
  seen = 0;
  /** Whether a snapshot was asked for and nothing has come yet. */
  isAsking = false;
  state: State = 'live';
  /** Whether an event was told: somebody wants an answer. */
  hasActed = false;
  private readonly isHeldBack: boolean;
  private hasHeard = false;
  private serial = 0;
  private sent = 0;
  private askedAt = -Infinity;
  private nudges = 0;
  private nudge: ReturnType<typeof setTimeout> | undefined;
  private slow: ReturnType<typeof setTimeout> | undefined;
  private dead: ReturnType<typeof setTimeout> | undefined;
  private readonly seenListeners = new Set<() => void>();

  constructor(
    private readonly model: Model,
    private readonly revision: () => number,
    private readonly changed: () => void,
    private readonly signal: AbortSignal
  ) {
    this.isHeldBack = !(model.answersAtOnce ?? sendsAtOnce());
    signal.addEventListener('abort', () => {
      clearTimeout(this.slow);
      clearTimeout(this.dead);
    });
  }

  onSeen(call: () => void, signal: AbortSignal): void {
    this.seenListeners.add(call);
    signal.addEventListener('abort', () => this.seenListeners.delete(call));
  }

  /** Ask for a snapshot, unless the revision is current. */
  ready(): void {
    this.isAsking = true;
    this.askedAt = performance.now();
    this.send({ kind: 'ready', revision: this.revision() });
    if (!this.hasHeard) this.expect(DEAD);
  }

  /** Ask for a sign of life, but not in every moment. */
  ask(): void {
    if (performance.now() - this.askedAt > ASK_AGAIN) this.ready();
  }

  /** Ask for a snapshot, once until it comes or should have come. */
  resync(): void {
    if (this.isAsking) this.ask();
    else this.ready();
  }

  /** Somebody knows that the link may be gone. */
  doubt(): void {
    this.ready();
    this.expect(SLOW);
  }

  /** There is no kernel any more. */
  lose(): void {
    this.become('detached');
  }

  gone(): void {
    this.send({ kind: 'gone' });
  }

  /** Tell which revision is shown, if one is. */
  ack(revision = this.revision()): void {
    if (revision >= 0) this.send({ kind: 'ack', revision });
  }

  /** Tell of an event. Returns its serial number. */
  event(event: EventData): number {
    const serial = ++this.serial;
    this.hasActed = true;
    this.send({ kind: 'event', serial, event });
    if (this.isHeldBack) {
      this.nudges = NUDGES;
      this.nudge ??= this.nudgeSoon();
    }
    if (this.state === 'detached') this.changed();
    this.slow ??= setTimeout(() => this.isSlow(serial), SLOW);
    return serial;
  }

  chunk(upload: number, offset: number, size: number, content: ArrayBuffer): void {
    this.send({ kind: 'chunk', upload, offset, size }, [content]);
  }

  /** The kernel said something. */
  heard(seen: Seen | undefined): void {
    this.hasHeard = true;
    this.seen = Math.max(this.seen, seen?.[this.page] ?? 0);
    clearTimeout(this.dead);
    this.dead = undefined;
    if (this.seen === this.serial) {
      clearTimeout(this.slow);
      this.slow = undefined;
    }
    this.become('live');
    for (const call of this.seenListeners) call();
  }

  /** Say something tiny, unless something was said meanwhile, and again as long as the kernel has not answered. */
  private nudgeOn(sent: number): void {
    this.nudge = undefined;
    if (this.seen >= this.serial || this.signal.aborted) return;
    if (this.sent === sent) {
      this.ack();
      this.nudges -= 1;
    }
    if (this.nudges > 0) this.nudge = this.nudgeSoon();
  }

  private nudgeSoon(): ReturnType<typeof setTimeout> {
    const { sent } = this;
    return setTimeout(() => this.nudgeOn(sent), NUDGE);
  }

  private isSlow(serial: number): void {
    this.slow = undefined;
    if (this.seen === this.serial) return;
    if (this.seen >= serial) {
      this.slow = setTimeout(() => this.isSlow(this.serial), SLOW);
      return;
    }
    if (this.state === 'live') this.become('waiting');
    this.ask();
  }

  private expect(milliseconds: number): void {
    clearTimeout(this.dead);
    this.dead = setTimeout(() => this.become('detached'), milliseconds);
  }

  private become(state: State): void {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }

  private send(content: Record<string, unknown>, buffers?: ArrayBuffer[]): void {
    this.sent += 1;
    try {
      const sending = this.model.send({ page: this.page, ...content }, undefined, buffers);
      if (sending instanceof Promise) sending.catch(() => this.lose());
    } catch {
      this.lose();
    }
  }
}

/** Eight letters that no other page has. */
function randomName(): string {
  return Math.random().toString(36).slice(2, 10).padEnd(8, '0');
}
