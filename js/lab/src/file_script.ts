/** One script that is open: its kernel, its output and what is known of its statements, for all its editors. */
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal, type ISignal } from '@lumino/signaling';

import type { Feed, IOutputAdded } from './feed';
import type { FileOutput } from './file_output';
import type { FileSession, Part } from './file_session';
import { anchor } from './reveal';
import { keep } from './run_cell';
import type { CellRun } from './runs';

export class Script {
  constructor(
    readonly file: DocumentRegistry.Context,
    readonly session: FileSession,
    readonly feed: Feed,
    readonly output: FileOutput
  ) {
    feed.outputAdded.connect(this.keepPlace, this);
    file.disposed.connect(() => output.dispose());
  }

  /** What is known of the script's last run. */
  get lastRun(): CellRun | undefined {
    return this.feed.runs.byCell.get(this.session.cellId);
  }

  async run(part?: Part): Promise<void> {
    await this.session.run(part, future => this.output.listen(future));
  }

  /** Go on from the statement that failed; the output before its error stays. */
  async resume(): Promise<void> {
    const failed = this.lastRun;
    if (failed) {
      const { output } = this;
      await this.session.run('resume', future => output.listen(future, () => keep(output.area.model, failed)));
    }
  }

  /** Forget the last run. */
  clear(): void {
    this.feed.runs.forget(this.session.cellId);
    this._cleared.emit();
  }

  /** Forget the last run, and take its output away. */
  clearAll(): void {
    this.output.area.model.clear();
    this.clear();
  }

  get cleared(): ISignal<this, void> {
    return this._cleared;
  }

  private keepPlace(_: Feed, { run, entry, isNew }: IOutputAdded): void {
    if (isNew && run.cellId === this.session.cellId) {
      anchor(entry, this.output.area.model);
    }
  }

  private readonly _cleared = new Signal<this, void>(this);
}
