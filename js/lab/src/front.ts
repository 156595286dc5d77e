/**
 * The news of the document in front, also where it has no code in focus: the status bar and the timeline go on while
 * the cursor is in a Markdown cell.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { MessageLoop } from '@lumino/messaging';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Feed } from './feed';
import type { IStatements } from './runnable';
import type { CellRun, IStatementRun } from './runs';

/** The class of panels that tell of the document in front, and are none themselves. */
export const OURS = 'sf-timeline';

export class Front {
  constructor(
    private readonly statements: IStatements,
    private readonly notebooks: INotebookTracker,
    private readonly shell: JupyterFrontEnd.IShell
  ) {
    statements.currentChanged.connect(this.look, this);
    shell.currentChanged?.connect(this.look, this);
    this.look();
  }

  /** What the kernel of the document in front tells; undefined where it tells nothing of statements. */
  get feed(): Feed | undefined {
    return this._feed;
  }

  /** The cell that runs now or ran last in this kernel. */
  get run(): CellRun | undefined {
    const run = this._feed?.runs.last;
    return run?.isOld && run.state !== 'lost' ? undefined : run;
  }

  /** Another document or cell is in front, or there are news of this one. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Scroll a statement's code or output into view. Returns whether it is there. */
  async reveal(run: CellRun, statement: IStatementRun, what: 'code' | 'output'): Promise<boolean> {
    if (this.statements.current?.feed !== this._feed) {
      this.focusOn(run.cellId);
    }
    const { current } = this.statements;
    return current !== undefined && current.feed === this._feed && current.reveal(run, statement, what);
  }

  private look(): void {
    // A panel of ours may stand among the documents: it tells of the one that was in front before it.
    if (this.shell.currentWidget?.hasClass(OURS)) {
      return;
    }
    const feed = this.statements.current?.feed ?? this.ofNotebook();
    if (feed !== this._feed) {
      this._feed?.changed.disconnect(this.tell, this);
      this._feed = feed;
      feed?.changed.connect(this.tell, this);
    }
    this.tell();
  }

  private tell(): void {
    this._changed.emit();
  }

  private ofNotebook(): Feed | undefined {
    const panel = this.notebooks.currentWidget;
    const feed = panel && panel === this.shell.currentWidget ? this.statements.feeds.of(panel.sessionContext) : undefined;
    return feed?.isLive ? feed : undefined;
  }

  /** Go to the cell that ran from a Markdown cell, or from a panel of ours. */
  private focusOn(cellId: string): void {
    const panel = this.notebooks.find(each => each.sessionContext === this._feed?.context);
    const index = panel?.content.widgets.findIndex(each => each.model.id === cellId) ?? -1;
    if (panel && index >= 0) {
      this.shell.activateById(panel.id);
      panel.content.activeCellIndex = index;
      MessageLoop.flush(); // the shell takes note when the panel has the focus
    }
  }

  private _feed?: Feed;
  private readonly _changed = new Signal<this, void>(this);
}
