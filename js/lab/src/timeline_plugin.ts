/** The timeline as a plugin: the command that opens it, and where it docks. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LabIcon } from '@jupyterlab/ui-components';
import { TabPanel } from '@lumino/widgets';

import style from '../style/timeline.css';
import drawing from '../style/timeline.svg';
import { CommandIDs } from './commands';
import { Front } from './front';
import { IStatements } from './runnable';
import { addStyleSheet } from './style_sheet';
import { Timeline } from './timeline';

const ID = 'sideflow-timeline';

export const timeline: JupyterFrontEndPlugin<void> = {
  id: 'sideflow:timeline',
  description: 'Shows when each statement of the last cell ran.',
  autoStart: true,
  requires: [IStatements, INotebookTracker],
  optional: [ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    statements: IStatements,
    notebooks: INotebookTracker,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    addStyleSheet(style);
    const trans = (translator ?? nullTranslator).load('sideflow');
    const icon = new LabIcon({ name: 'sideflow:timeline', svgstr: drawing });
    const tracker = new WidgetTracker<Timeline>({ namespace: ID });
    const front = new Front(statements, notebooks, app.shell);

    const open = () => {
      const panel = new Timeline(front, trans);
      panel.id = ID;
      panel.title.label = trans.__('Timeline');
      panel.title.caption = trans.__('When each statement of the last cell ran');
      panel.title.icon = icon;
      panel.title.closable = true;
      app.shell.add(panel, 'down');
      if (!panel.parent) {
        // Notebook 7.2 has no lower area, and says nothing of it.
        app.shell.add(panel, 'right');
      }
      void tracker.add(panel);
      return panel;
    };
    app.commands.addCommand(CommandIDs.showTimeline, {
      label: trans.__('Show Timeline of the Last Cell'),
      caption: trans.__('Show when each statement of the last cell ran and how long it took'),
      icon,
      isVisible: () => front.feed !== undefined,
      isEnabled: () => front.feed !== undefined,
      execute: () => bringForward(app, tracker.currentWidget ?? open())
    });
    void restorer?.restore(tracker, { command: CommandIDs.showTimeline, name: () => ID });
  }
};

/** Show a panel and give it the focus. Until JupyterLab 4.3 the shell does so everywhere but in the lower area. */
function bringForward(app: JupyterFrontEnd, panel: Timeline): void {
  app.shell.activateById(panel.id);
  const tabs = panel.parent?.parent;
  if (tabs instanceof TabPanel) {
    tabs.currentWidget = panel;
    tabs.show();
  } else if (!panel.isVisible) {
    (app.shell as { expandRight?(id: string): void }).expandRight?.(panel.id);
  }
  panel.activate();
}
