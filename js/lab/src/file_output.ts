/**
 * The output of a script: one output area for all its editors, in a panel of its own beside them.
 *
 * The area lives as long as the file is open, so that a run goes on when its panel is closed and shows all of its
 * output when the panel is opened again.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { OutputArea, OutputAreaModel } from '@jupyterlab/outputarea';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { KernelMessage } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';

import { outputOf } from './feed';
import { OutputPanel, type OutputPlace } from './file_output_panel';
import type { ExecuteFuture } from './file_session';
import { reveal } from './reveal';
import type { IStatementRun } from './runs';

/** Outputs drawn at once; the area offers to show those between. */
const MOST_OUTPUTS = 200;

export class FileOutput implements IDisposable {
  isDisposed = false;
  readonly area: OutputArea;

  constructor(
    private readonly file: DocumentRegistry.Context,
    readonly rendermime: IRenderMimeRegistry,
    private readonly place: OutputPlace,
    /** Whether a request of this id runs, or ran, this file. */
    private readonly isRun: (messageId: string) => boolean,
    private readonly trans: TranslationBundle
  ) {
    const model = new OutputAreaModel({ trusted: true });
    this.area = new OutputArea({ model, rendermime, maxNumberOutputs: MOST_OUTPUTS });
    this.area.addClass('sf-FileOutput-area');
    model.changed.connect((_, { type }) => type === 'add' && this.open());
    this.area.inputRequested.connect(() => this.open(true));
    file.pathChanged.connect(this.label, this);
    file.sessionContext.iopubMessage.connect(this.overhear, this);
  }

  /** The panel, while it is open. */
  get panel(): Widget | undefined {
    return this._panel?.isDisposed ? undefined : this._panel;
  }

  /** The editor beside which the panel opens. */
  beside?: Widget;

  /**
   * Show a run's output when it begins: until then the area belongs to the run before, whose output `keep` may
   * remember, to put it back.
   */
  listen(future: ExecuteFuture, keep?: () => () => void): void {
    this.own.add(future.msg.header.msg_id);
    const begin = () => {
      const restore = keep?.();
      this.area.future = future;
      restore?.();
    };
    future.onIOPub = message => {
      // A run that is aborted, since the one before it failed, tells its status and nothing else.
      if (message.header.msg_type !== 'status') {
        begin();
      }
    };
    future.onStdin = message => {
      begin();
      return future.onStdin(message);
    };
    const isBegun = () => this.area.future === future;
    void future.done.catch(() => undefined).then(() => isBegun() || future.dispose());
  }

  /** Scroll a statement's output into view, in a panel that is opened for it. Returns whether there is any. */
  reveal(statement: IStatementRun): boolean {
    return reveal(this.area, statement, () => this.open(true));
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      this._panel?.dispose();
      this.area.dispose();
      this.area.model.dispose();
    }
  }

  /** Show what a run goes on to say that this page did not ask for: one that began before the page was reloaded. */
  private overhear(_: ISessionContext, message: KernelMessage.IMessage): void {
    const { msg_id: id = '' } = message.parent_header as Partial<KernelMessage.IHeader>;
    const output = this.own.has(id) || !this.isRun(id) ? undefined : outputOf(message);
    if (output) {
      if (this.overheard !== id) {
        this.overheard = id;
        this.area.model.clear();
      }
      this.area.model.add(output);
    }
  }

  /** Open the panel where it is not, and with `isWanted` bring it to the front. */
  private open(isWanted = false): void {
    if (!this._panel || this._panel.isDisposed) {
      this._panel = new OutputPanel(this.area);
      this.label();
      this.place.add(this._panel, this.beside);
    }
    if (isWanted && !this._panel.isVisible) {
      this.place.raise(this._panel);
    }
  }

  private label(): void {
    if (this._panel) {
      this._panel.title.label = this.trans.__('Output of %1', this.file.localPath.split('/').pop() ?? '');
      this._panel.title.caption = this.file.path;
    }
  }

  private _panel?: OutputPanel;
  private readonly own = new Set<string>();
  private overheard = '';
}
