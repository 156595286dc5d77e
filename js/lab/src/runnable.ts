/** What the commands act on: the cell in focus of a notebook, or a script in an editor. */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { EditorView } from '@codemirror/view';

import type { Card } from './card';
import type { Feed, Feeds } from './feed';
import type { CellRun, IStatementRun } from './runs';
import type { Settings } from './settings';

export interface IRunnable {
  readonly context: ISessionContext;
  readonly feed: Feed;
  /** How the kernel knows this text: the cell's id, or the file's. */
  readonly cellId: string;
  /** The editor, if it has one: a cell that was never in view has none. */
  readonly view: EditorView | undefined;
  readonly rendermime: IRenderMimeRegistry;
  /** Run the statements that have a line from `first` to `last`, counted from 1. */
  runLines(first: number, last: number): Promise<void>;
  /** Go on from the statement that failed; what was shown before it stays. */
  resume(): Promise<void>;
  /** Take the marks away. */
  clear(scope: 'this' | 'all'): void;
  /** Scroll the statement's code, and with `output` its output, into view. Returns whether it is there. */
  reveal(run: CellRun, statement: IStatementRun, what: 'code' | 'output'): Promise<boolean>;
}

/** Offers what is runnable in the widget in front, or nothing. */
export interface IRunnableSource {
  current(): IRunnable | undefined;
  readonly changed: ISignal<unknown, unknown>;
}

/** Shared by the plugins of this extension. */
export interface IStatements {
  readonly settings: Settings;
  readonly feeds: Feeds;
  readonly card: Card;
  readonly current: IRunnable | undefined;
  /** Another cell, script or kernel may be in front. */
  readonly currentChanged: ISignal<IStatements, void>;
  add(source: IRunnableSource): void;
}

export const IStatements = new Token<IStatements>(
  'sideflow:IStatements',
  'The statements of the notebook or script in front.'
);

export class Statements implements IStatements {
  constructor(
    readonly settings: Settings,
    readonly feeds: Feeds,
    readonly card: Card
  ) {}

  get current(): IRunnable | undefined {
    for (const source of this.sources) {
      const found = source.current();
      if (found) {
        return found;
      }
    }
    return undefined;
  }

  get currentChanged(): ISignal<this, void> {
    return this._changed;
  }

  add(source: IRunnableSource): void {
    this.sources.push(source);
    source.changed.connect(() => this._changed.emit());
    this._changed.emit();
  }

  private readonly sources: IRunnableSource[] = [];
  private readonly _changed = new Signal<this, void>(this);
}
