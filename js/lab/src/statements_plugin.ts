/** The marks of notebooks, and what the other plugins share, as a plugin. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import style from '../style/index.css';
import { Card } from './card';
import { Feeds } from './feed';
import { NotebookMarks, NotebookSource } from './notebook';
import { IStatements, Statements } from './runnable';
import { Settings, SETTINGS_ID } from './settings';
import { addStyleSheet } from './style_sheet';

export const statements: JupyterFrontEndPlugin<IStatements> = {
  id: SETTINGS_ID,
  description: 'Shows beside each statement what it did.',
  autoStart: true,
  provides: IStatements,
  requires: [INotebookTracker],
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, registry: ISettingRegistry | null) => {
    addStyleSheet(style);
    const shared = new Statements(new Settings(registry), new Feeds(), new Card());
    const { settings, feeds, card } = shared;
    shared.add(
      new NotebookSource(
        notebooks,
        app.shell,
        panel => new NotebookMarks(panel, feeds.of(panel.sessionContext), settings, card)
      )
    );
    return shared;
  }
};
