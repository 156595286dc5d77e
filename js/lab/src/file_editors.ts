/** The editors that show scripts: each with its toolbar and marks, and the one in front for the commands. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { DocumentRegistry, IDocumentWidget } from '@jupyterlab/docregistry';
import type { FileEditor, IEditorTracker } from '@jupyterlab/fileeditor';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { DisposableSet } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import { isScript, rditSpec } from './file_kernel';
import { FileMarks } from './file_marks';
import { FileOutput } from './file_output';
import { OutputPlace } from './file_output_panel';
import { RunnableFile } from './file_runnable';
import { Script } from './file_script';
import { FileSession } from './file_session';
import { FileToolbar } from './file_toolbar';
import type { IRunnableSource, IStatements } from './runnable';

export type Editor = IDocumentWidget<FileEditor>;

/** What the page lends to the scripts in it. */
export interface IPage {
  app: JupyterFrontEnd;
  statements: IStatements;
  rendermime: IRenderMimeRegistry;
  dialogs: ISessionContext.IDialogs;
  translator: ITranslator;
  /** Whether the main area can be split, as JupyterLab's can. */
  isLab: boolean;
}

export class FileEditors implements IRunnableSource {
  constructor(
    tracker: IEditorTracker,
    private readonly page: IPage
  ) {
    tracker.forEach(editor => this.watch(editor));
    tracker.widgetAdded.connect((_, editor) => this.watch(editor));
    tracker.currentChanged.connect(this.tell, this);
    page.app.shell.currentChanged?.connect(this.tell, this);
  }

  /** Another script is in front, or its kernel. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The script in front, also when its output is. A kernel of another kind can run no part of it. */
  current(): RunnableFile | undefined {
    const { front } = this;
    return front && (!front.script.session.isConnected || front.script.feed.isLive) ? front : undefined;
  }

  /** The script in front, whatever its kernel. */
  get front(): RunnableFile | undefined {
    const widget = this.page.app.shell.currentWidget;
    return widget ? this.of(widget) : undefined;
  }

  /** The script that a widget shows, or whose output it shows. */
  of(widget: Widget): RunnableFile | undefined {
    const found = this.shown.get(widget as Editor);
    return found ?? [...this.shown.values()].find(({ script }) => script.output.panel === widget);
  }

  /** Add to an editor what belongs there, and take it away, whenever its file is renamed or kernelspecs come and go. */
  private watch(editor: Editor): void {
    const { kernelspecs } = this.page.app.serviceManager;
    const look = () => {
      const kernelName = isScript(editor.context.path) ? rditSpec(kernelspecs.specs) : undefined;
      if (kernelName && !this.shown.has(editor)) {
        this.add(editor, kernelName);
      } else if (!kernelName) {
        this.remove(editor);
      }
    };
    editor.context.pathChanged.connect(look);
    kernelspecs.specsChanged.connect(look);
    editor.disposed.connect(() => {
      kernelspecs.specsChanged.disconnect(look);
      this.remove(editor);
    });
    look();
  }

  private add(editor: Editor, kernelName: string): void {
    const { statements, dialogs, translator } = this.page;
    const script = this.scriptOf(editor.context, kernelName);
    script.output.beside ??= editor;
    const marks = new FileMarks(editor, script, statements.settings, statements.card);
    const runnable = new RunnableFile(editor, script);
    const andBack = (run: Promise<void>) => {
      void run;
      // The button takes the focus when it has been pressed; as in a notebook it goes back to the code.
      window.setTimeout(() => editor.isDisposed || editor.content.editor.focus());
    };
    const actions = {
      runAll: () => andBack(runnable.run()),
      runSelection: () => andBack(runnable.runSelection())
    };
    const toolbar = new FileToolbar(editor.toolbar, script.session, actions, dialogs, translator);
    this.shown.set(editor, runnable);
    this.parts.set(editor, DisposableSet.from([marks, toolbar]));
    this.tell();
  }

  private remove(editor: Editor): void {
    if (this.shown.delete(editor)) {
      this.parts.get(editor)?.dispose();
      this.tell();
    }
  }

  /** All editors of a file have one script. */
  private scriptOf(file: DocumentRegistry.Context, kernelName: string): Script {
    let script = this.scripts.get(file);
    if (!script) {
      const { app, statements, rendermime, translator, isLab } = this.page;
      const session = new FileSession(file, kernelName);
      const resolved = rendermime.clone({ resolver: file.urlResolver });
      const isRun = (messageId: string) => feed.runs.ofMessage(messageId)?.cellId === session.cellId;
      // It hears messages before the feed does, which then finds the statements' outputs in its area.
      const place = new OutputPlace(app.shell, isLab);
      const output = new FileOutput(file, resolved, place, isRun, translator.load('sideflow'));
      const feed = statements.feeds.of(file.sessionContext);
      script = new Script(file, session, feed, output);
      feed.liveChanged.connect(this.tell, this);
      this.scripts.set(file, script);
    }
    return script;
  }

  private tell(): void {
    this._changed.emit();
  }

  private readonly shown = new Map<Editor, RunnableFile>();
  private readonly parts = new WeakMap<Editor, DisposableSet>();
  private readonly scripts = new WeakMap<DocumentRegistry.Context, Script>();
  private readonly _changed = new Signal<this, void>(this);
}
