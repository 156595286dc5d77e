/** The marks in one editor of a script. */
import type { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { FileEditor } from '@jupyterlab/fileeditor';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { EditorView } from '@codemirror/view';

import { Announcer } from './announcer';
import type { Card } from './card';
import type { Feed } from './feed';
import type { Script } from './file_script';
import type { IMarkHandlers } from './mark_field';
import { show } from './marks';
import type { CellRun } from './runs';
import type { Settings } from './settings';

export class FileMarks implements IDisposable {
  isDisposed = false;

  constructor(
    private readonly editor: IDocumentWidget<FileEditor>,
    private readonly script: Script,
    private readonly settings: Settings,
    card: Card
  ) {
    this.announcer = new Announcer(editor.node, settings);
    this.handlers = {
      enter: (run, statement, mark) => card.open(run, statement, mark, script.output.rendermime),
      leave: mark => card.leave(mark),
      click: (_, statement) => void script.output.reveal(statement)
    };
    script.feed.changed.connect(this.hear, this);
    script.cleared.connect(this.draw, this);
    settings.changed.connect(this.draw, this);
    void editor.context.ready.then(() => this.draw());
  }

  get view(): EditorView {
    return viewOf(this.editor);
  }

  /** Show what is known of the script now. */
  draw(): void {
    if (!this.isDisposed) {
      show(this.view, this.script.lastRun, this.settings.options, this.handlers);
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      cancelAnimationFrame(this.frame);
      if (!this.editor.isDisposed) {
        show(this.view, undefined, this.settings.options, this.handlers);
      }
      this.announcer.dispose();
      Signal.clearData(this);
    }
  }

  /** News comes as often as every 16 ms; the page is drawn once a frame. */
  private hear(_: Feed, runs: ReadonlySet<CellRun>): void {
    for (const run of runs) {
      if (run.cellId === this.script.session.cellId) {
        this.announcer.hear(run);
        this.frame ||= requestAnimationFrame(() => {
          this.frame = 0;
          this.draw();
        });
      }
    }
  }

  private readonly announcer: Announcer;
  private readonly handlers: IMarkHandlers;
  private frame = 0;
}

/** The CodeMirror editor of a file's editor. */
export function viewOf(editor: IDocumentWidget<FileEditor>): EditorView {
  return (editor.content.editor as CodeMirrorEditor).editor;
}
