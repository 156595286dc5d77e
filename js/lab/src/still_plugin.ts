/** The HTML of flow's elements that have lost their kernel, as a plugin. Hosts without notebooks of their own have no use for it. */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { showStills } from './still';

export const stills: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:stills',
  description: 'Shows saved elements of flow as HTML where their kernel is gone.',
  autoStart: true,
  optional: [INotebookTracker, IRenderMimeRegistry],
  activate: (_: JupyterFrontEnd, notebooks: INotebookTracker | null, shared: IRenderMimeRegistry | null) => {
    if (notebooks && shared) {
      // A notebook's is a copy of the shared one, made before anyone hears of the notebook.
      showStills(shared);
      notebooks.forEach(panel => showStills(panel.content.rendermime));
      notebooks.widgetAdded.connect((_, panel) => showStills(panel.content.rendermime));
    }
  }
};
