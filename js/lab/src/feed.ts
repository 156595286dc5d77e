/**
 * The kernel's news of one document: listens on its connection and keeps `Runs`.
 *
 * All pages of a kernel share one comm, known by its target's name: a page that is loaded anew asks for the history on
 * it, and all hear the answer. The comm is read from the messages themselves, since JupyterLab handles comms on one of
 * several connections to a kernel only.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IOutput } from '@jupyterlab/nbformat';
import { KernelMessage, type Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import { TARGET, type INews, type ITag } from './protocol';
import { addOutput, Runs, type CellRun, type IStatementOutput, type IStatementRun } from './runs';

/** An output came for a statement. `entry` holds it, `isNew` tells that it did not continue a stream. */
export interface IOutputAdded {
  run: CellRun;
  statement: IStatementRun;
  entry: IStatementOutput;
  isNew: boolean;
}

export class Feed implements IDisposable {
  readonly runs = new Runs();
  isDisposed = false;
  /** Whether the kernel tells of statements. */
  isLive = false;

  constructor(readonly context: ISessionContext) {
    context.iopubMessage.connect(this.hear, this);
    context.kernelChanged.connect(this.changeKernel, this);
    context.statusChanged.connect(this.changeStatus, this);
    context.connectionStatusChanged.connect(this.changeConnection, this);
    context.disposed.connect(this.dispose, this);
    void this.ask();
  }

  /** The runs that changed. */
  get changed(): ISignal<this, ReadonlySet<CellRun>> {
    return this._changed;
  }

  get outputAdded(): ISignal<this, IOutputAdded> {
    return this._outputAdded;
  }

  /** Whether this kernel tells of statements became known, or changed. */
  get liveChanged(): ISignal<this, boolean> {
    return this._liveChanged;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      Signal.clearData(this);
    }
  }

  private changeKernel(): void {
    this.runs.lose();
    this._changed.emit(new Set(this.runs.byCell.values()));
    this.setLive(false);
    void this.ask();
  }

  private changeStatus(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this.runs.lose();
      this._changed.emit(new Set(this.runs.byCell.values()));
      this._isAsked = false;
    } else if (!this._isAsked && (status === 'idle' || status === 'busy')) {
      void this.ask();
    }
  }

  private changeConnection(_: ISessionContext, status: Kernel.ConnectionStatus): void {
    if (status === 'connected') {
      void this.ask();
    } else {
      this._isAsked = false;
    }
  }

  /** Ask the kernel for its news, if it has any. */
  private async ask(): Promise<void> {
    const kernel = this.context.session?.kernel;
    if (!kernel) {
      return;
    }
    this._isAsked = true;
    const info = await kernel.info.catch(() => undefined);
    if (this.isDisposed || kernel.isDisposed || kernel !== this.context.session?.kernel) {
      return;
    }
    const features = (info as { supported_features?: string[] } | undefined)?.supported_features;
    const isLive = features?.includes(TARGET) ?? false;
    this.setLive(isLive);
    if (isLive) {
      const message = KernelMessage.createMessage<KernelMessage.ICommOpenMsg<'shell'>>({
        msgType: 'comm_open',
        channel: 'shell',
        username: kernel.username,
        session: kernel.clientId,
        content: { comm_id: TARGET, target_name: TARGET, data: {} }
      });
      kernel.sendShellMessage(message, false, true);
    }
  }

  private setLive(isLive: boolean): void {
    if (isLive !== this.isLive) {
      this.isLive = isLive;
      this._liveChanged.emit(isLive);
    }
  }

  private hear(_: ISessionContext, message: KernelMessage.IMessage): void {
    if (KernelMessage.isCommMsgMsg(message)) {
      if (message.content.comm_id === TARGET) {
        this.take(message.content.data as unknown as INews, Date.parse(message.header.date) / 1e3);
      }
      return;
    }
    const tag = message.metadata.rdit as unknown as ITag | undefined;
    const output = tag && outputOf(message);
    if (output) {
      this.takeOutput(message, tag, output);
    }
  }

  private take(news: INews, sentAt: number): void {
    const changed = new Set<CellRun>();
    for (const event of news.events) {
      const run = this.runs.apply(event, sentAt);
      if (run) {
        changed.add(run);
      }
    }
    if (changed.size) {
      this._changed.emit(changed);
    }
  }

  private takeOutput(message: KernelMessage.IMessage, tag: ITag, output: IOutput): void {
    const parent = message.parent_header as KernelMessage.IHeader;
    const run = this.runs.ofMessage(parent.msg_id ?? '');
    const statement = run?.statements[tag.statement];
    if (!run || !statement) {
      return;
    }
    const before = statement.outputs.length;
    const entry = addOutput(statement, output);
    if (entry) {
      this._outputAdded.emit({ run, statement, entry, isNew: statement.outputs.length > before });
      this._changed.emit(new Set([run]));
    }
  }

  private _isAsked = false;
  private readonly _changed = new Signal<this, ReadonlySet<CellRun>>(this);
  private readonly _outputAdded = new Signal<this, IOutputAdded>(this);
  private readonly _liveChanged = new Signal<this, boolean>(this);
}

/** One feed for each session: two views of a notebook share it. */
export class Feeds {
  of(context: ISessionContext): Feed {
    let feed = this._feeds.get(context);
    if (!feed) {
      feed = new Feed(context);
      this._feeds.set(context, feed);
    }
    return feed;
  }

  private readonly _feeds = new WeakMap<ISessionContext, Feed>();
}

/** The output that a message brings, if it brings one. */
export function outputOf(message: KernelMessage.IMessage): IOutput | undefined {
  const isOutput =
    KernelMessage.isStreamMsg(message) ||
    KernelMessage.isDisplayDataMsg(message) ||
    KernelMessage.isExecuteResultMsg(message) ||
    KernelMessage.isErrorMsg(message);
  return isOutput ? ({ ...message.content, output_type: message.header.msg_type } as unknown as IOutput) : undefined;
}
