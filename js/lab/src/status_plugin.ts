/** The status bar's item as a plugin. Notebook 7 has no status bar. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import style from '../style/status.css';
import { CommandIDs } from './commands';
import { Front } from './front';
import { IStatements } from './runnable';
import { StatusItem } from './status';
import { addStyleSheet } from './style_sheet';

export const status: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:status',
  description: 'Shows in the status bar which statement runs.',
  autoStart: true,
  requires: [IStatements, INotebookTracker],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    statements: IStatements,
    notebooks: INotebookTracker,
    bar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!bar) {
      return;
    }
    addStyleSheet(style);
    const trans = (translator ?? nullTranslator).load('sideflow');
    const front = new Front(statements, notebooks, app.shell);
    const item = new StatusItem(front, trans, () => void app.commands.execute(CommandIDs.showTimeline));
    bar.registerStatusItem('sideflow:status', {
      item,
      align: 'left',
      rank: 3,
      isActive: () => item.isActive,
      activeStateChanged: item.activeChanged
    });
  }
};
