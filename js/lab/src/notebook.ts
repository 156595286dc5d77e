/** Notebooks: the marks of each cell in each view, and where a statement's output stands. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CodeCell, type Cell } from '@jupyterlab/cells';
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { INotebookTracker, Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { EditorView } from '@codemirror/view';

import { Announcer } from './announcer';
import type { Card } from './card';
import type { Feed, IOutputAdded } from './feed';
import type { IMarkHandlers } from './mark_field';
import { goTo, show } from './marks';
import type { Settings } from './settings';
import { anchor, anchorAgain, reveal } from './reveal';
import { resume, runLines } from './run_cell';
import type { IRunnable, IRunnableSource } from './runnable';
import type { CellRun, IStatementRun } from './runs';

/** Milliseconds that the news of a running cell may wait to be drawn. */
const PATIENCE = 50;
/** Milliseconds after a drawing within which the next one waits for its frame. */
const PAUSE = 30;

/** The marks in one view of a notebook. */
export class NotebookMarks implements IDisposable {
  isDisposed = false;

  constructor(
    readonly panel: NotebookPanel,
    readonly feed: Feed,
    private readonly settings: Settings,
    card: Card
  ) {
    this.announcer = new Announcer(panel.node, settings);
    this.handlers = {
      enter: (run, statement, mark) => card.open(run, statement, mark, panel.content.rendermime),
      leave: mark => card.leave(mark),
      click: (run, statement) => this.reveal(run, statement)
    };
    feed.changed.connect(this.renew, this);
    feed.outputAdded.connect(this.keepPlace, this);
    settings.changed.connect(this.renewAll, this);
    panel.content.cellInViewportChanged.connect(this.showCell, this);
    panel.content.modelChanged.connect(this.watchCells, this);
    this.watchCells();
    panel.disposed.connect(this.dispose, this);
    this.renewAll();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      cancelAnimationFrame(this.frame);
      window.clearTimeout(this.timer);
      this.announcer.dispose();
      Signal.clearData(this);
    }
  }

  /** Scroll a statement's output into view. Returns whether it has one that is there. */
  reveal(run: CellRun, statement: IStatementRun): boolean {
    const cell = this.panel.content.widgets.find(each => each.model.id === run.cellId);
    return cell instanceof CodeCell && reveal(cell.outputArea, statement, () => (cell.outputHidden = false));
  }

  /** Scroll a statement's code into view, and put the cursor there. Returns whether its cell is there. */
  async revealCode(run: CellRun, statement: IStatementRun): Promise<boolean> {
    const { content } = this.panel;
    const index = content.widgets.findIndex(each => each.model.id === run.cellId);
    if (index < 0) {
      return false;
    }
    const cell = content.widgets[index];
    content.activeCellIndex = index;
    await content.scrollToItem(index, 'smart');
    await cell.ready;
    const view = viewOf(cell);
    if (!view) {
      return false;
    }
    content.mode = 'edit';
    goTo(view, statement);
    return true;
  }

  /** Take a cell's marks away. */
  clear(cells: readonly Cell[]): void {
    for (const cell of cells) {
      this.feed.runs.forget(cell.model.id);
      this.renewCell(cell);
    }
  }

  private renew(_: Feed, runs: ReadonlySet<CellRun>): void {
    for (const run of runs) {
      this.due.add(run.cellId);
      this.announcer.hear(run);
    }
    this.schedule(Array.from(runs).every(run => run.state === 'running') ? PATIENCE : 0);
  }

  private renewAll(): void {
    for (const cell of this.panel.content.widgets) {
      this.renewCell(cell);
    }
  }

  private watchCells(): void {
    this.panel.content.model?.cells.changed.connect(this.scheduleAll, this);
  }

  private scheduleAll(): void {
    if (this.feed.runs.byCell.size) {
      this.isAllDue = true;
      this.scheduleFrame(); // a cell has its editor only then
    }
  }

  /**
   * News comes as often as every 16 ms. What happens before the end of a cell waits a little, so that a cell that is over
   * at once is drawn once. Its end is drawn at once, or with the next frame where one was drawn just now: an editor that
   * is drawn in a frame is measured in the next, and the page would have two of them for each cell.
   */
  private schedule(patience = 0): void {
    if (this.frame || (this.timer && patience)) {
      return;
    }
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (patience) {
      this.timer = window.setTimeout(() => {
        this.timer = 0;
        this.schedule();
      }, patience);
    } else if (performance.now() - this.drawnAt > PAUSE) {
      this.draw();
    } else {
      this.scheduleFrame();
    }
  }

  private scheduleFrame(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    this.drawnAt = performance.now();
    const { due } = this;
    this.due = new Set();
    if (this.isAllDue) {
      this.isAllDue = false;
      this.renewNew();
    }
    for (const cell of due.size ? this.panel.content.widgets : []) {
      if (due.has(cell.model.id)) {
        this.renewCell(cell);
      }
    }
  }

  /** Cells that came by a paste, an undo or a second view show what is known of them. */
  private renewNew(): void {
    for (const cell of this.panel.content.widgets) {
      const view = viewOf(cell);
      if (view && !this.shown.has(view)) {
        this.renewCell(cell);
      }
    }
  }

  private showCell(_: Notebook, cell: Cell): void {
    const run = this.feed.runs.byCell.get(cell.model.id);
    if (cell.inViewport && run) {
      void cell.ready.then(() => {
        const view = viewOf(cell);
        if (!view || this.complete.get(view) !== run) {
          this.renewCell(cell);
        }
      });
    }
  }

  private renewCell(cell: Cell): void {
    const view = viewOf(cell);
    if (!(cell instanceof CodeCell) || !view) {
      return;
    }
    const run = this.feed.runs.byCell.get(cell.model.id);
    if (run) {
      anchorAgain(run, cell.model.outputs);
    }
    if (run || this.shown.has(view)) {
      show(view, run, this.settings.options, this.handlers);
      this.shown.add(view);
    }
    if (run && run.state !== 'running') {
      this.complete.set(view, run);
    } else {
      this.complete.delete(view);
    }
  }

  /** Two views share the cell's model: the first that hears of an output keeps its place. */
  private keepPlace(_: Feed, { run, entry, isNew }: IOutputAdded): void {
    const cell = this.panel.content.widgets.find(each => each.model.id === run.cellId);
    if (isNew && !entry.model && cell instanceof CodeCell) {
      anchor(entry, cell.model.outputs);
    }
  }

  private readonly announcer: Announcer;
  private readonly handlers: IMarkHandlers;
  private readonly shown = new WeakSet<EditorView>();
  /** The runs that were over when they were drawn: a cell that is scrolled into view again has nothing new to show. */
  private readonly complete = new WeakMap<EditorView, CellRun>();
  private due = new Set<string>();
  private isAllDue = false;
  private frame = 0;
  private timer = 0;
  private drawnAt = -Infinity;
}

/** A cell's CodeMirror editor, once it has one: a cell that was never in view has none. */
export function viewOf(cell: Cell): EditorView | undefined {
  return (cell.editor as CodeMirrorEditor | null)?.editor;
}

/** The code cell in focus, as the commands see it. */
class RunnableCell implements IRunnable {
  constructor(
    private readonly marks: NotebookMarks,
    private readonly cell: CodeCell
  ) {}

  get context(): ISessionContext {
    return this.marks.panel.sessionContext;
  }

  get feed(): Feed {
    return this.marks.feed;
  }

  get cellId(): string {
    return this.cell.model.id;
  }

  get view(): EditorView | undefined {
    return viewOf(this.cell);
  }

  get rendermime(): IRenderMimeRegistry {
    return this.marks.panel.content.rendermime;
  }

  async runLines(first: number, last: number): Promise<void> {
    await runLines(this.cell, this.context, first, last);
  }

  async resume(): Promise<void> {
    const failed = this.feed.runs.byCell.get(this.cellId);
    if (failed) {
      await resume(this.cell, this.context, failed);
    }
  }

  clear(scope: 'this' | 'all'): void {
    this.marks.clear(scope === 'all' ? this.marks.panel.content.widgets : [this.cell]);
  }

  async reveal(run: CellRun, statement: IStatementRun, what: 'code' | 'output'): Promise<boolean> {
    return what === 'code' ? this.marks.revealCode(run, statement) : this.marks.reveal(run, statement);
  }
}

/** Marks every notebook that opens, and knows the cell in focus. */
export class NotebookSource implements IRunnableSource {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly shell: JupyterFrontEnd.IShell,
    add: (panel: NotebookPanel) => NotebookMarks
  ) {
    tracker.widgetAdded.connect((_, panel) => {
      const marks = add(panel);
      this.marks.set(panel, marks);
      marks.feed.liveChanged.connect(() => this._changed.emit());
    });
    tracker.currentChanged.connect(() => this._changed.emit());
    shell.currentChanged?.connect(() => this._changed.emit());
    tracker.activeCellChanged.connect(() => this._changed.emit());
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  current(): IRunnable | undefined {
    const panel = this.tracker.currentWidget;
    // A notebook may be in view beside a script that is in front.
    const marks = panel && panel === this.shell.currentWidget ? this.marks.get(panel) : undefined;
    const cell = panel?.content.activeCell;
    return marks?.feed.isLive && cell instanceof CodeCell ? new RunnableCell(marks, cell) : undefined;
  }

  private readonly marks = new WeakMap<NotebookPanel, NotebookMarks>();
  private readonly _changed = new Signal<this, void>(this);
}
