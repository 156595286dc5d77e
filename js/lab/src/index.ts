/** The plugins of the labextension. */

import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';

const hello: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:hello',
  autoStart: true,
  optional: [INotebookTracker],
  activate: (app, notebooks: INotebookTracker | null) => {
    console.log(`sideflow is here, ${notebooks ? 'with' : 'without'} notebooks: ${app.version}`);
  },
};

export default [hello];
