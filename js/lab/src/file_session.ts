/**
 * The kernel of one script, and what runs there: found again after a page reload, started when it is first needed.
 *
 * The file's own session context is used, which follows its renames and which JupyterLab's debugger and its list of
 * running kernels know. The kernel ends with the file's last editor, but not with the page.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

import { TARGET } from './protocol';

export type ExecuteFuture = Kernel.IShellFuture<
  KernelMessage.IExecuteRequestMsg,
  KernelMessage.IExecuteReplyMsg
>;

/** Which of a script's statements run; all of them where nothing is said. */
export type Part = { lines: [number, number] } | 'resume' | undefined;

export class FileSession {
  constructor(
    private readonly file: DocumentRegistry.Context,
    private readonly kernelName: string
  ) {
    this.context.sessionChanged.connect(this.adopt, this);
    this.context.statusChanged.connect(this.hearStatus, this);
    this.context.sessionManager.runningChanged.connect(this.adopt, this);
    file.disposed.connect(() => Signal.clearData(this));
    this.adopt();
  }

  get context(): ISessionContext {
    return this.file.sessionContext;
  }

  get isConnected(): boolean {
    return !!this.context.session?.kernel;
  }

  /** How many runs were asked for that have not ended. */
  get pending(): number {
    return this._pending;
  }

  /** It is connected or not any more, or the number of pending runs changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** How the kernel knows this text. A session keeps its id when its file is renamed and when the page is reloaded. */
  get cellId(): string {
    return `file:${this.context.session?.id ?? ''}`;
  }

  /** Connect to the kernel that runs for this file, or start one. Rejects where none can be had. */
  async connect(): Promise<Kernel.IKernelConnection> {
    this.connecting ??= this.findOrStart().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  /**
   * Run the text as it is now, or a part of it, after what was asked for before. `listen` is handed the request's
   * future when it has been sent. Resolves when the run has ended, however it ended.
   */
  async run(part: Part, listen: (future: ExecuteFuture) => void): Promise<void> {
    const code = this.file.model.toString();
    this.count(1);
    try {
      const kernel = await this.connect();
      const knows = await knowsStatements(kernel);
      this.tellFile(kernel);
      const future = knows
        ? kernel.requestExecute(request(code), false, { cellId: this.cellId, rdit: ofPart(part) })
        : kernel.requestExecute(request(textOf(code, part)), false);
      listen(future);
      await future.done;
    } catch (reason) {
      // A restart cancels what runs, and JupyterLab has told why a kernel could not be started.
      console.warn(`sideflow: ${this.file.path} did not run to its end: ${reason}`);
    } finally {
      this.count(-1);
    }
  }

  private async findOrStart(): Promise<Kernel.IKernelConnection> {
    await this.file.ready;
    await this.context.initialize();
    const running = this.context.session?.kernel;
    if (running && running.status !== 'dead') {
      return running;
    }
    const { kernelPreference } = this.context;
    this.context.kernelPreference = { ...kernelPreference, name: this.kernelName, canStart: true, language: 'python' };
    const started = await this.context.changeKernel({ name: this.kernelName });
    if (!started) {
      throw new Error(`expected a kernel of ${this.kernelName}, but another one was chosen meanwhile`);
    }
    return started;
  }

  /** A kernel that was started for the file ends with it; not so a console's, or one that another document has too. */
  private adopt(): void {
    const { session, kernelPreference, sessionManager } = this.context;
    const others = [...sessionManager.running()].filter(({ id }) => id !== session?.id);
    const isShared = others.some(({ kernel }) => kernel && kernel.id === session?.kernel?.id);
    const shutdownOnDispose = session?.type === 'file' && !isShared;
    if (shutdownOnDispose !== kernelPreference.shutdownOnDispose) {
      this.context.kernelPreference = { ...kernelPreference, shutdownOnDispose };
    }
    this._changed.emit();
  }

  private hearStatus(_: ISessionContext, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'starting') {
      this.toldFile = undefined;
    }
    this._changed.emit();
  }

  /** Scripts ask for `__file__`. The kernel was started in the file's folder. */
  private tellFile(kernel: Kernel.IKernelConnection): void {
    if (this.toldFile !== kernel.id) {
      this.toldFile = kernel.id;
      const name = JSON.stringify(PathExt.basename(this.file.localPath));
      const code = `globals().setdefault('__file__', __import__('os').path.abspath(${name})) and None`;
      kernel.requestExecute({ code, silent: true, store_history: false }, true);
    }
  }

  private count(step: number): void {
    this._pending += step;
    this._changed.emit();
  }

  private connecting?: Promise<Kernel.IKernelConnection>;
  private toldFile?: string;
  private _pending = 0;
  private readonly _changed = new Signal<this, void>(this);
}

/** What is told of one script's statements, when the kernel chosen for it tells of any. */
async function knowsStatements(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const info = (await kernel.info) as { supported_features?: string[] };
  return info.supported_features?.includes(TARGET) ?? false;
}

function request(code: string): KernelMessage.IExecuteRequestMsg['content'] {
  return { code, stop_on_error: true };
}

function ofPart(part: Part): JSONObject {
  if (part === undefined) {
    return {};
  }
  return part === 'resume' ? { resume: true } : { line_range: part.lines };
}

/** The text of a part, for a kernel of another kind, to which lines mean nothing. */
export function textOf(code: string, part: Part): string {
  if (part === undefined || part === 'resume') {
    return code;
  }
  const [first, last] = part.lines;
  return code.split('\n').slice(first - 1, last).join('\n');
}
