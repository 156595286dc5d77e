/** The commands as a plugin; its shortcuts and menu entries are in schema/commands.json. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runIcon } from '@jupyterlab/ui-components';
import type { EditorView } from '@codemirror/view';

import { addCommands, CommandIDs } from './commands';
import { Front } from './front';
import { IStatements } from './runnable';

/** The body has this class while a kernel in front tells of statements: shortcuts and context menus ask for it. */
const THERE = 'sf-has-statements';
/** Milliseconds that a message stays. */
const STAYS = 4000;

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:commands',
  description: 'Runs parts of a cell, and shows what its statements did.',
  autoStart: true,
  requires: [IStatements, INotebookTracker],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    statements: IStatements,
    notebooks: INotebookTracker,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('sideflow');
    const front = new Front(statements, notebooks, app.shell);
    addCommands(app.commands, {
      statements,
      isThere: () => front.feed !== undefined,
      lineUnderMenu: view => lineUnderMenu(app, view),
      tell: inPassing(),
      runIcon,
      trans
    });
    for (const command of Object.values(CommandIDs)) {
      palette?.addItem({ command, category: trans.__('Statements') });
    }

    // News come up to sixty times a second; what commands may do changes rarely.
    let last = '';
    const notify = () => {
      const { current } = statements;
      const now = [front.feed !== undefined, current?.cellId, current?.feed.runs.failed?.msgId].join();
      if (now !== last) {
        last = now;
        document.body.classList.toggle(THERE, front.feed !== undefined);
        // One by one: "many changed" would draw every toolbar anew. The timeline's may not be there yet.
        for (const id of Object.values(CommandIDs).filter(each => app.commands.hasCommand(each))) {
          app.commands.notifyCommandChanged(id);
        }
      }
    };
    front.changed.connect(notify);
    statements.settings.changed.connect(() => app.commands.notifyCommandChanged(CommandIDs.toggleResults));
    notify();
  }
};

/** Shows one message at a time, for a moment: it is not kept among the notifications that wait to be read. */
function inPassing(): (message: string) => void {
  let shown = '';
  return message => {
    if (shown) {
      Notification.dismiss(shown);
    }
    const id = (shown = Notification.info(message, { autoClose: false }));
    window.setTimeout(() => Notification.dismiss(id), STAYS);
  };
}

function lineUnderMenu(app: JupyterFrontEnd, view: EditorView): number | undefined {
  const line = app.contextMenuHitTest(node => node.classList.contains('cm-line'));
  return line && view.contentDOM.contains(line) ? view.state.doc.lineAt(view.posAtDOM(line)).number : undefined;
}
