/** A script in one of its editors, as the commands see it. */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { FileEditor } from '@jupyterlab/fileeditor';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { EditorView } from '@codemirror/view';

import type { Feed } from './feed';
import { viewOf } from './file_marks';
import type { Script } from './file_script';
import { stepBehind } from './file_selection';
import { selectedLines } from './lines';
import { goTo } from './marks';
import type { IRunnable } from './runnable';
import type { CellRun, IStatementRun } from './runs';

export class RunnableFile implements IRunnable {
  constructor(
    private readonly editor: IDocumentWidget<FileEditor>,
    readonly script: Script
  ) {}

  get context(): ISessionContext {
    return this.script.session.context;
  }

  get feed(): Feed {
    return this.script.feed;
  }

  get cellId(): string {
    return this.script.session.cellId;
  }

  get view(): EditorView {
    return viewOf(this.editor);
  }

  get rendermime(): IRenderMimeRegistry {
    return this.script.output.rendermime;
  }

  /** Run the whole text. */
  async run(): Promise<void> {
    this.showBeside();
    await this.script.run();
  }

  /** Run the statements selected; without a selection the one at the cursor, which then goes on to the next line. */
  async runSelection(): Promise<void> {
    const { first, last } = selectedLines(this.view.state);
    const done = this.runLines(first, last);
    if (this.view.state.selection.main.empty) {
      stepBehind(this.view, last);
    }
    await done;
  }

  async runLines(first: number, last: number): Promise<void> {
    this.showBeside();
    await this.script.run({ lines: [first, last] });
  }

  async resume(): Promise<void> {
    this.showBeside();
    await this.script.resume();
  }

  clear(): void {
    this.script.clear();
  }

  async reveal(run: CellRun, statement: IStatementRun, what: 'code' | 'output'): Promise<boolean> {
    if (run.cellId !== this.cellId) {
      return false;
    }
    if (what === 'output') {
      this.showBeside();
      return this.script.output.reveal(statement);
    }
    goTo(this.view, statement);
    return true;
  }

  private showBeside(): void {
    this.script.output.beside = this.editor;
  }
}
