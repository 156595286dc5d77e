/**
 * Decides when an event is told to the kernel: at once, after some quiet, no more often than asked for.
 *
 * What comes in floods (moves, scrolling, sliders) is told once a frame at most, and no more than two of a kind are on
 * their way unanswered; the newest takes the place of the one that waits.
 */

import type { Channel } from './channel';
import type { EventData } from './event_data';
import type { Typing } from './typing';
import type { Uploads } from './uploads';
import type { Listening } from './wire';

export interface Happening {
  id: number;
  type: string;
  data: EventData;
  how: Listening;
  /** The control in which something was typed or chosen. */
  typed: number | undefined;
  files: readonly [File, string?][];
  element: Element;
  isLimited: boolean;
  isDecisive: boolean;
}

const MOST_UNANSWERED = 2;

export class Outbox {
  /** What waits, by element and event, in the order in which it began to wait. */
  private readonly waiting = new Map<string, Happening>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly toldAt = new Map<string, number>();
  private readonly serials = new Map<string, number[]>();
  private readonly done = new Set<string>();
  private frame = 0;

  constructor(
    private readonly channel: Channel,
    private readonly uploads: Uploads,
    private readonly typing: Typing,
    signal: AbortSignal
  ) {
    channel.onSeen(() => this.schedule(), signal);
    signal.addEventListener('abort', () => {
      cancelAnimationFrame(this.frame);
      for (const timer of this.timers.values()) clearTimeout(timer);
    });
  }

  tell(happening: Happening): void {
    const { how, id, type } = happening;
    const key = `${id} ${type}`;
    if (how.once) {
      if (this.done.has(key)) return;
      this.done.add(key);
    }
    if (happening.typed !== undefined) this.typing.begun(happening.typed);
    if (how.debounce) return this.wait(key, happening, how.debounce, true);
    if (how.throttle) {
      const rest = how.throttle - (performance.now() - (this.toldAt.get(key) ?? -Infinity));
      return rest > 0 ? this.wait(key, happening, rest, false) : this.send(key, happening);
    }
    if (happening.isLimited) {
      this.waiting.set(key, newest(this.waiting.get(key), happening));
      return this.schedule();
    }
    for (const [each, { isLimited, how }] of [...this.waiting]) {
      if (happening.isDecisive || (isLimited && !how.debounce)) this.flush(each);
    }
    this.send(key, happening);
  }

  private wait(key: string, happening: Happening, milliseconds: number, anew: boolean): void {
    this.waiting.set(key, newest(this.waiting.get(key), happening));
    if (this.timers.has(key) && !anew) return;
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.flush(key), milliseconds)
    );
  }

  private flush(key: string): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    const happening = this.waiting.get(key);
    this.waiting.delete(key);
    if (happening) this.send(key, happening);
  }

  private schedule(): void {
    if (!this.frame && this.waiting.size) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        for (const key of [...this.waiting.keys()]) {
          if (!this.timers.has(key) && this.unanswered(key) < MOST_UNANSWERED) this.flush(key);
        }
        if ([...this.waiting.keys()].some(key => !this.timers.has(key))) this.channel.ask();
      });
    }
  }

  private unanswered(key: string): number {
    const serials = (this.serials.get(key) ?? []).filter(serial => serial > this.channel.seen);
    this.serials.set(key, serials);
    return serials.length;
  }

  private send(key: string, happening: Happening): void {
    if (happening.how.throttle) this.toldAt.set(key, performance.now());
    if (happening.files.length) void this.sendWithFiles(happening);
    else this.sendNow(key, happening, happening.data);
  }

  private sendNow(key: string, { id, type, typed, isLimited }: Happening, data: EventData): void {
    const serial = this.channel.event({ type, target_id: `flow-${id}`, ...data });
    if (typed !== undefined) this.typing.sent(typed, serial, typed === id ? data.value : undefined);
    if (isLimited) this.serials.set(key, [...(this.serials.get(key) ?? []), serial]);
  }

  private async sendWithFiles(happening: Happening): Promise<void> {
    const files = await this.uploads.all(happening.files, happening.element);
    if (files) this.sendNow('', happening, { ...happening.data, files });
  }
}

/** Of two the newer one; turns of a wheel add up. */
function newest(past: Happening | undefined, now: Happening): Happening {
  if (!past || now.type !== 'wheel') return now;
  const sum = (name: string): number => Number(past.data[name]) + Number(now.data[name]);
  return { ...now, data: { ...now.data, delta_x: sum('delta_x'), delta_y: sum('delta_y') } };
}
