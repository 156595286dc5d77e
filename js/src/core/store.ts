/**
 * One displayed root in the page: its tree, kept up to date by what the kernel sends, and the views that show it.
 *
 * A new view starts from the tree as it is now. What a notebook saves is brought up to date when the page has time.
 */

import { filled } from './binary';
import { Channel } from './channel';
import type { Model } from './host';
import { whenPicturesAreShown } from './pictures';
import { Showing } from './showing';
import { Tree } from './tree';
import { Uploads } from './uploads';
import { readPatch, readTree, writeTree } from './wire';
import type { Failure, FromKernel, WirePatch, WireTree } from './wire';

const SAVE_AFTER = 1000;
const MOST_FAILURES = 20;
/** Where a page cannot be painted, as in a hidden frame, it says so after this time. */
const PAINTED_BY = 250;
/** Milliseconds between two answers to patches that follow each other: to host and kernel an answer costs as much as a patch. */
const APART = 50;

/** An error, and how many times it came. */
export type Noticed = Failure & { times: number };

export class Store {
  readonly channel: Channel;
  readonly uploads: Uploads;
  /** Errors that were not dismissed, the newest last. Equal ones in a row are one. */
  readonly failures: Noticed[] = [];
  tree: Tree;
  private revision: number;
  private isTroubled = false;
  private isAcking = false;
  private ackedAt = -APART;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private readonly showings = new Set<Showing>();
  private readonly life = new AbortController();

  constructor(readonly model: Model) {
    const { signal } = this.life;
    const told = model.get('tree') as WireTree | undefined;
    this.tree = new Tree(readTree(told?.root ? told : EMPTY));
    this.revision = told?.revision ?? -1;
    this.channel = new Channel(model, () => this.revision, () => this.showState(), signal);
    this.uploads = new Uploads(this.channel, signal);
    this.hear('msg:custom', (content, buffers) => this.heard(filled(content as FromKernel, buffers)));
    this.hear('change:tree', () => this.restored());
    this.hear('comm_live_update', () => this.showings.size && this.channel.doubt());
    this.hear('comm:close', () => this.channel.lose());
    document.addEventListener('visibilitychange', () => !document.hidden && this.isShown && this.channel.ready(), { signal });
    window.addEventListener('pagehide', () => this.isShown && this.channel.gone(), { signal });
    window.addEventListener('pageshow', event => event.persisted && this.isShown && this.channel.ready(), { signal });
    signal.addEventListener('abort', () => clearTimeout(this.saving));
  }

  get isShown(): boolean {
    return this.showings.size > 0;
  }

  /** Show the tree in one more place, until the signal ends it. */
  show(place: HTMLElement, ended: AbortSignal): void {
    const signal = AbortSignal.any([ended, this.life.signal]);
    const showing = new Showing(this, place, signal);
    this.showings.add(showing);
    showing.showFailures();
    showing.showState();
    signal.addEventListener('abort', () => {
      this.showings.delete(showing);
      if (!this.isShown) this.channel.gone();
    });
    if (this.showings.size === 1) this.channel.ready();
  }

  dismiss(failure: Noticed): void {
    this.failures.splice(this.failures.indexOf(failure), 1);
    for (const each of this.showings) each.showFailures();
  }

  /** The model is closed, or its code is replaced. */
  close(): void {
    this.life.abort();
  }

  private heard(message: FromKernel): void {
    switch (message?.kind) {
      case 'patch':
        this.channel.heard(message.seen);
        return this.patch(message);
      case 'snapshot': {
        const { isAsking } = this.channel;
        this.channel.isAsking = false;
        this.channel.heard(message.seen);
        if (isAsking || message.revision >= this.revision) this.snapshot(message);
        return;
      }
      case 'error':
        return this.fail(message);
      case 'received':
        if (message.page === this.channel.page) this.uploads.heard(message.upload, message.size);
        return;
      case 'seen':
        this.channel.isAsking = false;
        return this.channel.heard(message.seen);
    }
  }

  private patch(patch: WirePatch): void {
    if (patch.revision <= this.revision) return;
    if (patch.revision > this.revision + 1) {
      if (this.isShown) this.channel.resync();
      return;
    }
    this.guarded(() => {
      for (const operation of readPatch(patch)) {
        this.tree.apply(operation);
        for (const { view } of this.showings) view.apply(operation);
      }
      this.settle();
      this.revision = patch.revision;
    });
    this.done();
  }

  private snapshot(snapshot: WireTree): void {
    const anew = this.isTroubled;
    this.guarded(() => {
      const past = this.tree.root;
      this.tree.replace(past, readTree(snapshot));
      if (anew) for (const { view } of this.showings) view.rebuild();
      else for (const { view } of this.showings) view.morph(past);
      this.settle();
      this.revision = snapshot.revision;
      this.isTroubled = false;
    });
    this.done();
  }

  private settle(): void {
    const gone = this.tree.settle();
    for (const { view } of this.showings) view.settle(gone);
  }

  /** What goes wrong here may not leave half a page: the kernel is asked for the whole of it. */
  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      console.error('flow: the page could not be changed and is shown anew', error);
      this.tree.settle();
      this.revision = -1;
      if (this.isTroubled) return; // a snapshot that fails, too, is not asked for again
      this.isTroubled = true;
      this.channel.ready();
    }
  }

  private done(): void {
    if (this.isTroubled) return;
    this.ackWhenPainted();
    this.saveLater();
  }

  private ackWhenPainted(): void {
    if (!this.isShown || document.hidden) return this.channel.ack();
    if (this.isAcking) return;
    this.isAcking = true;
    const { signal } = this.life;
    let isOver = false;
    const ack = (revision: number): void => {
      if (isOver || signal.aborted) return;
      isOver = true;
      this.isAcking = false;
      this.ackedAt = performance.now();
      clearTimeout(timer);
      this.channel.ack(revision);
      if (this.revision > revision) this.ackWhenPainted();
    };
    const paint = (): void => {
      requestAnimationFrame(() => {
        const { revision } = this; // while its pictures are loaded the next may come, and the kernel makes another one
        whenPicturesAreShown(() => ack(revision));
      });
    };
    const wait = this.ackedAt + APART - performance.now();
    if (wait > 0) setTimeout(paint, wait);
    else paint();
    const timer = setTimeout(() => ack(this.revision), Math.max(0, wait) + PAINTED_BY);
  }

  /** Bring up to date what a notebook saves. It goes no further than the page: the kernel knows it. */
  private saveLater(): void {
    clearTimeout(this.saving);
    const save = (): void => {
      if (this.life.signal.aborted || this.revision < 0) return;
      this.model.set('tree', writeTree(this.tree, this.revision));
    };
    this.saving = setTimeout(() => {
      if (typeof requestIdleCallback === 'function') requestIdleCallback(save, { timeout: SAVE_AFTER });
      else save();
    }, SAVE_AFTER);
  }

  /** The host brought another tree, as after a page was loaded anew. Our own saving is not newer than we are. */
  private restored(): void {
    const told = this.model.get('tree') as WireTree | undefined;
    if (told?.root && told.revision > this.revision) this.snapshot(told);
  }

  private fail(failure: Failure): void {
    const { failures } = this;
    const known = failures.findIndex(each => each.id === failure.id);
    const last = failures.at(-1);
    if (known >= 0) failures[known] = { ...failure, times: failures[known]!.times };
    else if (last && isEqual(last, failure)) Object.assign(last, { id: failure.id, times: last.times + 1 });
    else failures.push({ ...failure, times: 1 });
    failures.splice(0, failures.length - MOST_FAILURES);
    for (const each of this.showings) each.showFailures();
  }

  private showState(): void {
    for (const each of this.showings) each.showState();
  }

  private hear(name: string, heard: (content: unknown, buffers: readonly DataView[]) => void): void {
    const hears = (content: unknown, buffers?: unknown): void =>
      heard(content, Array.isArray(buffers) ? (buffers as DataView[]) : []);
    this.model.on(name, hears);
    this.life.signal.addEventListener('abort', () => this.model.off(name, hears));
  }
}

function isEqual(one: Failure, other: Failure): boolean {
  return one.title === other.title && one.traceback === other.traceback && one.where === other.where;
}

const EMPTY: WireTree = { revision: -1, shapes: [['#fragment']], root: [0, 0] };
