/** A session of the server as a host of flow. What cannot be sent is kept until the way is there again. */

import type { Model } from '../core/host';
import type { Socket } from './dev_socket';

type Heard = (content: unknown, buffers?: unknown) => void;

const MOST = 1000;

export class Line implements Model {
  readonly answersAtOnce = true;
  private readonly listeners = new Map<string, Set<Heard>>();
  private waiting: [unknown, ArrayBuffer[]][] = [];
  private isUp = true;

  constructor(
    private readonly socket: Socket,
    readonly sanitizer: string
  ) {}

  /** Nothing is saved: a page begins with what Python tells first. */
  get(): undefined {
    return undefined;
  }

  set(): void {}

  send(content: unknown, _?: unknown, buffers: ArrayBuffer[] = []): void {
    if (this.isUp && this.socket.send(content, buffers)) return;
    this.waiting.push([content, buffers]);
    if (this.waiting.length > MOST) this.waiting.shift();
  }

  on(name: string, heard: Heard): void {
    const known = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, known.add(heard));
  }

  off(name: string, heard: Heard): void {
    this.listeners.get(name)?.delete(heard);
  }

  tell(content: unknown, buffers: readonly DataView[]): void {
    this.call('msg:custom', content, buffers);
  }

  /** The way is broken. */
  down(): void {
    this.isUp = false;
  }

  /** The way to the same session is there again: what was to be sent goes, and what was missed is asked for. */
  up(): void {
    this.isUp = true;
    for (const [content, buffers] of this.waiting.splice(0)) this.send(content, undefined, buffers);
    this.call('comm_live_update', undefined);
  }

  private call(name: string, content: unknown, buffers?: unknown): void {
    for (const heard of [...(this.listeners.get(name) ?? [])]) heard(content, buffers);
  }
}
