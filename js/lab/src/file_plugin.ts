/** Scripts as a plugin: a .py file in the editor, connected to an rdit kernel, with results beside its lines. */
import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  ICommandPalette,
  ISessionContextDialogs,
  SessionContextDialogs,
  type ISessionContext
} from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import style from '../style/file.css';
import { addFileCommands } from './file_commands';
import { FileEditors } from './file_editors';
import { IStatements } from './runnable';
import { addStyleSheet } from './style_sheet';

/** Where the server tells which script `rdit FILE` was given. */
const OPENED = 'rditScript';

export const files: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:files',
  description: 'Runs scripts in the editor, and shows beside each statement what it did.',
  autoStart: true,
  requires: [IStatements, IRenderMimeRegistry],
  optional: [
    IEditorTracker,
    ILabShell,
    IDocumentManager,
    ISessionContextDialogs,
    IMainMenu,
    ICommandPalette,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    statements: IStatements,
    rendermime: IRenderMimeRegistry,
    tracker: IEditorTracker | null,
    labShell: ILabShell | null,
    documents: IDocumentManager | null,
    given: ISessionContext.IDialogs | null,
    menu: IMainMenu | null,
    palette: ICommandPalette | null,
    givenTranslator: ITranslator | null
  ) => {
    if (!tracker) {
      return;
    }
    addStyleSheet(style);
    const translator = givenTranslator ?? nullTranslator;
    const dialogs = given ?? new SessionContextDialogs({ translator });
    const isLab = labShell !== null;
    const editors = new FileEditors(tracker, { app, statements, rendermime, dialogs, translator, isLab });
    statements.add(editors);
    addFileCommands(app, editors, dialogs, translator.load('sideflow'), menu, palette);
    const opened = PageConfig.getOption(OPENED);
    if (opened && labShell && documents) {
      const { kernelspecs } = app.serviceManager;
      void Promise.all([app.restored, kernelspecs.ready]).then(() => openScript(opened, documents, editors));
    }
  }
};

/** Bring the script to the front, with the cursor in it and a kernel that is ready. */
async function openScript(path: string, documents: IDocumentManager, editors: FileEditors): Promise<void> {
  const editor = documents.openOrReveal(path);
  if (editor) {
    await editor.revealed;
    editor.activate();
    await editors.of(editor)?.script.session.connect();
  }
}
