/** A worker as a host of flow: what it tells comes as a widget's message, and what the page says goes to it. */

import type { Model } from '../core/host';
import type { FromWorker, ToWorker } from './messages';

type Heard = (content: unknown, buffers?: unknown) => void;

export class Link implements Model {
  readonly answersAtOnce = true;
  private readonly listeners = new Set<Heard>();

  constructor(
    private readonly worker: Worker,
    readonly sanitizer: string
  ) {}

  /** Nothing is saved: a page begins with what Python tells first. */
  get(): undefined {
    return undefined;
  }

  set(): void {}

  send(content: unknown, _?: unknown, buffers: ArrayBuffer[] = []): void {
    const message: ToWorker = { kind: 'said', content, buffers };
    this.worker.postMessage(message, buffers);
  }

  on(name: string, heard: Heard): void {
    if (name === 'msg:custom') this.listeners.add(heard);
  }

  off(_: string, heard: Heard): void {
    this.listeners.delete(heard);
  }

  /** Pass on what the worker told. */
  tell({ text, buffers }: FromWorker & { kind: 'told' }): void {
    const content: unknown = JSON.parse(text);
    const views = buffers.map(each => new DataView(each));
    for (const heard of [...this.listeners]) heard(content, views);
  }
}
