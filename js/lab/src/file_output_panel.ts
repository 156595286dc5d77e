/** The panel that shows a script's output, and where the page puts it. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { DOMUtils, MainAreaWidget } from '@jupyterlab/apputils';
import type { OutputArea } from '@jupyterlab/outputarea';
import { consoleIcon } from '@jupyterlab/ui-components';
import { Panel, type Widget } from '@lumino/widgets';

/** A view of the output area, which stays when the view is closed. */
export class OutputPanel extends MainAreaWidget<Panel> {
  constructor(private readonly area: OutputArea) {
    super({ content: new Panel() });
    this.id = DOMUtils.createDomID();
    this.title.icon = consoleIcon;
    this.title.closable = true;
    this.toolbar.hide();
    this.content.addClass('sf-FileOutput');
    this.content.addWidget(area);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.area.parent = null;
      super.dispose();
    }
  }
}

/** JupyterLab splits its main area. Notebook 7 shows one document, and has an area below it. */
export class OutputPlace {
  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly isLab: boolean
  ) {}

  /** Show a panel, in JupyterLab to the right of another one. */
  add(panel: Widget, beside: Widget | undefined): void {
    if (this.isLab) {
      this.shell.add(panel, 'main', { mode: 'split-right', ref: beside?.id, activate: false });
    } else {
      panel.addClass('sf-mod-below');
      this.shell.add(panel, 'down');
      this.raise(panel);
    }
  }

  /** Bring a panel that is somewhere to the front. */
  raise(panel: Widget): void {
    this.shell.activateById(panel.id);
  }
}
