/**
 * The news of the document in front, also where it has no code in focus: the status bar and the timeline go on while
 * the cursor is in a Markdown cell.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Feed } from './feed';
import type { IStatements } from './runnable';
import type { CellRun, IStatementRun } from './runs';

export class Front {
  constructor(
    private readonly statements: IStatements,
    private readonly notebooks: INotebookTracker,
    shell: JupyterFrontEnd.IShell
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
    if (!this.statements.current) {
      this.focusOn(run.cellId);
    }
    const { current } = this.statements;
    return current !== undefined && current.feed === this._feed && current.reveal(run, statement, what);
  }

  private look(): void {
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
    const feed = panel?.isVisible ? this.statements.feeds.of(panel.sessionContext) : undefined;
    return feed?.isLive ? feed : undefined;
  }

  /** Go from a Markdown cell to the cell that ran. */
  private focusOn(cellId: string): void {
    const content = this.notebooks.currentWidget?.content;
    const index = content?.widgets.findIndex(each => each.model.id === cellId) ?? -1;
    if (content && index >= 0) {
      content.activeCellIndex = index;
    }
  }

  private _feed?: Feed;
  private readonly _changed = new Signal<this, void>(this);
}
