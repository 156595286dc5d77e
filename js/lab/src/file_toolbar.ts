/** What stands in a script's toolbar: run all, run the selection, and once there is a kernel what one does with it. */
import { Toolbar, type ISessionContext } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import {
  LabIcon,
  refreshIcon,
  runIcon,
  stopIcon,
  Toolbar as ToolbarWidget,
  ToolbarButton
} from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Panel, type Widget } from '@lumino/widgets';

import runSelection from '../style/file_run_selection.svg';
import type { FileSession } from './file_session';

const runSelectionIcon = new LabIcon({ name: 'sideflow:run-selection', svgstr: runSelection });

/** What the buttons do; the kernel's own ones need nobody. */
export interface IToolbarActions {
  runAll(): void;
  runSelection(): void;
}

export class FileToolbar implements IDisposable {
  isDisposed = false;

  constructor(
    toolbar: ToolbarWidget,
    private readonly session: FileSession,
    actions: IToolbarActions,
    dialogs: ISessionContext.IDialogs,
    translator: ITranslator
  ) {
    const trans = translator.load('sideflow');
    const { context } = session;
    this.run = button(runIcon, trans.__('Run the whole file'), () => actions.runAll());
    this.interrupt = button(stopIcon, trans.__('Interrupt the kernel'), () => {
      void context.session?.kernel?.interrupt();
    });
    this.items = [
      this.run,
      button(runSelectionIcon, trans.__('Run the selected statements, or the one at the cursor'), () =>
        actions.runSelection()
      ),
      this.interrupt,
      button(refreshIcon, trans.__('Restart the kernel'), () => void dialogs.restart(context)),
      ToolbarWidget.createSpacerItem(),
      Toolbar.createKernelNameItem(context, dialogs, translator),
      wrapped(Toolbar.createKernelStatusItem(context, translator))
    ];
    this.items.forEach((item, k) => toolbar.addItem(`sideflow-${NAMES[k]}`, item));
    this.trans = trans;
    session.changed.connect(this.renew, this);
    context.kernelChanged.connect(this.renew, this);
    this.renew();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      Signal.clearData(this);
      this.items.forEach(item => item.dispose());
    }
  }

  private renew(): void {
    const { isConnected, pending } = this.session;
    this.items.slice(2).forEach(item => item.setHidden(!isConnected));
    this.run.toggleClass('sf-mod-busy', pending > 0);
    this.run.node.setAttribute('aria-busy', String(pending > 0));
    this.run.node.title = pending > 1 ? this.trans.__('%1 runs are waiting or running', pending) : '';
    this.interrupt.enabled = pending > 0 || this.session.context.session?.kernel?.status === 'busy';
  }

  private readonly items: Widget[];
  private readonly run: ToolbarButton;
  private readonly interrupt: ToolbarButton;
  private readonly trans: TranslationBundle;
}

const NAMES = ['run-all', 'run-selection', 'interrupt', 'restart', 'spacer', 'kernel-name', 'kernel-status'];

/** The status item sets its class anew with each status, so that it cannot be hidden itself. */
function wrapped(item: Widget): Widget {
  const panel = new Panel();
  panel.addWidget(item);
  return panel;
}

function button(icon: LabIcon, tooltip: string, onClick: () => void): ToolbarButton {
  const made = new ToolbarButton({
    icon,
    tooltip,
    onClick: () => {
      made.pressed = false; // newer JupyterLabs take every such button for a switch
      onClick();
    }
  });
  return made;
}
