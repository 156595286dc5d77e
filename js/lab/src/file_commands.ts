/** JupyterLab's own menu entries and keys for running code and for kernels act on the script in front. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette, ISessionContext } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import type { FileEditors } from './file_editors';
import type { RunnableFile } from './file_runnable';

const ids = {
  runAll: 'rdit:run-script',
  runSelection: 'rdit:run-script-selection',
  interrupt: 'rdit:interrupt-script',
  restart: 'rdit:restart-script',
  clear: 'rdit:clear-script',
  changeKernel: 'rdit:change-script-kernel',
  shutdown: 'rdit:shutdown-script'
} as const;

/** Before those of the text editor, which send code to a console. */
const RANK = 100;

export function addFileCommands(
  { commands }: JupyterFrontEnd,
  editors: FileEditors,
  dialogs: ISessionContext.IDialogs,
  trans: TranslationBundle,
  menu: IMainMenu | null,
  palette: ICommandPalette | null
): void {
  const add = (
    id: string,
    label: string,
    execute: (script: RunnableFile) => unknown,
    isEnabled: (script: RunnableFile) => boolean
  ) => {
    const isThere = () => editors.front !== undefined && isEnabled(editors.front);
    const run = () => editors.front && execute(editors.front);
    commands.addCommand(id, { label, isEnabled: isThere, isVisible: isThere, execute: run });
  };
  const always = () => true;
  const isConnected = ({ script }: RunnableFile) => script.session.isConnected;
  add(ids.runAll, trans.__('Run Script'), each => each.run(), always);
  add(ids.runSelection, trans.__('Run Selected Lines of Script'), each => each.runSelection(), always);
  add(ids.interrupt, trans.__('Interrupt Kernel'), ({ context }) => context.session?.kernel?.interrupt(), isConnected);
  add(ids.restart, trans.__('Restart Kernel…'), ({ context }) => dialogs.restart(context), isConnected);
  add(ids.clear, trans.__('Clear Output and Marks'), ({ script }) => script.clearAll(), always);
  add(ids.changeKernel, trans.__('Change Kernel…'), ({ context }) => dialogs.selectKernel(context), always);
  add(ids.shutdown, trans.__('Shut Down Kernel'), ({ context }) => context.shutdown(), isConnected);
  editors.changed.connect(() => Object.values(ids).forEach(id => commands.notifyCommandChanged(id)));

  palette?.addItem({ command: ids.runAll, category: trans.__('Statements') });
  if (menu) {
    const { codeRunners } = menu.runMenu;
    const { kernelUsers } = menu.kernelMenu;
    const isEnabled = (widget: Widget) => editors.of(widget) !== undefined;
    codeRunners.runAll.add({ id: ids.runAll, rank: RANK, isEnabled });
    codeRunners.run.add({ id: ids.runSelection, rank: RANK, isEnabled });
    codeRunners.restart.add({ id: ids.restart, rank: RANK, isEnabled });
    kernelUsers.interruptKernel.add({ id: ids.interrupt, rank: RANK, isEnabled });
    kernelUsers.restartKernel.add({ id: ids.restart, rank: RANK, isEnabled });
    kernelUsers.clearWidget.add({ id: ids.clear, rank: RANK, isEnabled });
    kernelUsers.changeKernel.add({ id: ids.changeKernel, rank: RANK, isEnabled });
    kernelUsers.shutdownKernel.add({ id: ids.shutdown, rank: RANK, isEnabled });
  }
}
