/** What a user can ask of the statements of the cell or script in focus. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import type { EditorView } from '@codemirror/view';

import { hasStatement, linesAround, selectedLines, type ILineRange } from './lines';
import { statementAt } from './mark_field';
import { shownMark } from './pointing';
import type { IRunnable, IStatements } from './runnable';
import type { CellRun, IStatementRun } from './runs';

export const CommandIDs = {
  runLines: 'rdit:run-selected-lines',
  runToHere: 'rdit:run-to-here',
  runFromHere: 'rdit:run-from-here',
  resume: 'rdit:resume',
  clear: 'rdit:clear-marks',
  clearAll: 'rdit:clear-all-marks',
  toggleResults: 'rdit:toggle-inline-results',
  showResult: 'rdit:show-result',
  showOutput: 'rdit:show-output',
  showTimeline: 'rdit:show-timeline'
} as const;

/** What the commands know of the page around them. */
export interface ISurroundings {
  statements: IStatements;
  /** Whether the document in front has a kernel that tells of statements. */
  isThere(): boolean;
  /** The line of an editor that the context menu was opened on. */
  lineUnderMenu(view: EditorView): number | undefined;
  /** Tell the user something in passing. */
  tell(message: string): void;
  runIcon?: LabIcon;
  trans: TranslationBundle;
}

/** Arguments of the entries in context menus: "here" is then where the menu was opened, not where the cursor is. */
const DESCRIBED_BY = {
  args: {
    type: 'object',
    properties: {
      isContextMenu: { type: 'boolean', description: 'Whether "here" is the line the context menu was opened on' }
    }
  }
};

/** A cell or script with its editor. */
interface IEditor {
  current: IRunnable;
  view: EditorView;
}

export function addCommands(commands: CommandRegistry, around: ISurroundings): IDisposable {
  const { statements, trans, runIcon } = around;
  const added = new DisposableSet();
  const add = (id: string, options: CommandRegistry.ICommandOptions) => added.add(commands.addCommand(id, options));

  const editor = (): IEditor | undefined => {
    const { current } = statements;
    return current?.view && { current, view: current.view };
  };
  const here = ({ view }: IEditor, args: ReadonlyPartialJSONObject): number =>
    (args.isContextMenu ? around.lineUnderMenu(view) : undefined) ??
    view.state.doc.lineAt(view.state.selection.main.head).number;

  /** A command on the text in focus: it is not there at all where there is none. */
  const addForEditor = (
    id: string,
    label: string,
    caption: string,
    icon: LabIcon | undefined,
    execute: (target: IEditor, args: ReadonlyPartialJSONObject) => unknown,
    isEnabled: (current: IRunnable) => boolean = () => true
  ) =>
    add(id, {
      label,
      caption,
      usage: caption,
      icon,
      describedBy: DESCRIBED_BY,
      isVisible: () => statements.current !== undefined,
      isEnabled: () => {
        const target = editor();
        return target !== undefined && isEnabled(target.current);
      },
      execute: async args => {
        const target = editor();
        if (target) {
          await unlessCanceled(execute(target, args));
        }
      }
    });

  const run = ({ current, view }: IEditor, lines: ILineRange, told: string): unknown => {
    if (!hasStatement(view.state, lines)) {
      return around.tell(told);
    }
    return current.runLines(lines.first, lines.last);
  };

  addForEditor(
    CommandIDs.runLines,
    trans.__('Run Selected Lines'),
    trans.__('Run the statements that the selection touches, or the one at the cursor'),
    runIcon,
    (target, args) => {
      const { state } = target.view;
      const lines = args.isContextMenu ? linesAround(state, here(target, args)) : selectedLines(state);
      const told =
        lines.first === lines.last
          ? trans.__('Line %1 has no statement to run.', lines.first)
          : trans.__('Lines %1 to %2 have no statement to run.', lines.first, lines.last);
      return run(target, lines, told);
    }
  );
  addForEditor(
    CommandIDs.runToHere,
    trans.__('Run Up to Here'),
    trans.__('Run the statements from the first one to the one at the cursor'),
    undefined,
    (target, args) => {
      const last = here(target, args);
      return run(target, { first: 1, last }, trans.__('There is no statement up to line %1.', last));
    }
  );
  addForEditor(
    CommandIDs.runFromHere,
    trans.__('Run from Here'),
    trans.__('Run the statement at the cursor and all that follow it'),
    undefined,
    (target, args) => {
      const first = here(target, args);
      const last = target.view.state.doc.lines;
      return run(target, { first, last }, trans.__('There is no statement from line %1 on.', first));
    }
  );
  addForEditor(
    CommandIDs.resume,
    trans.__('Resume after Error'),
    trans.__('Go on from the statement that failed, with what ran before it left as it is'),
    undefined,
    ({ current }) => current.resume(),
    ({ feed, cellId }) => feed.runs.failed !== undefined && feed.runs.failed === feed.runs.byCell.get(cellId)
  );
  addForEditor(
    CommandIDs.clear,
    trans.__('Clear Statement Marks'),
    trans.__('Take away the marks that show what the statements did'),
    undefined,
    ({ current }) => current.clear('this')
  );
  addForEditor(
    CommandIDs.clearAll,
    trans.__('Clear Statement Marks of All Cells'),
    trans.__('Take away all marks that show what the statements did'),
    undefined,
    ({ current }) => current.clear('all')
  );

  /** A command on the statement at the cursor, if it ran. */
  const addForStatement = (
    id: string,
    label: string,
    caption: string,
    execute: (target: IEditor, run: CellRun, statement: IStatementRun) => unknown
  ) =>
    addForEditor(id, label, caption, undefined, (target, args) => {
      const { state } = target.view;
      const line = here(target, args);
      const found = statementAt(state, state.doc.line(line).to) ?? statementAt(state, state.doc.line(line).from);
      if (!found) {
        return around.tell(trans.__('No statement of line %1 has run yet.', line));
      }
      return execute(target, found.run, found.statement);
    });

  addForStatement(
    CommandIDs.showResult,
    trans.__('Show Result at Cursor'),
    trans.__('Open the whole result of the statement at the cursor; Escape closes it'),
    ({ current, view }, run, statement) =>
      statements.card.openForKeyboard(run, statement, shownMark(view, statement), current.rendermime)
  );
  addForStatement(
    CommandIDs.showOutput,
    trans.__('Go to Output of Statement'),
    trans.__('Scroll to what the statement at the cursor showed'),
    async ({ current }, run, statement) => {
      if (!(await current.reveal(run, statement, 'output'))) {
        around.tell(trans.__('The statement at the cursor has shown nothing.'));
      }
    }
  );

  add(CommandIDs.toggleResults, {
    label: trans.__('Show Results beside the Lines'),
    caption: trans.__('Show behind each statement its state, its time and its result'),
    isVisible: around.isThere,
    isEnabled: around.isThere,
    isToggled: () => statements.settings.options.inlineResults,
    execute: () => statements.settings.set('inlineResults', !statements.settings.options.inlineResults)
  });
  return added;
}

/** A request that never got its answer, since its kernel was restarted, is no error of the command's. */
async function unlessCanceled(done: unknown): Promise<void> {
  try {
    await done;
  } catch (reason) {
    if (!(reason instanceof Error && reason.message.startsWith('Canceled'))) {
      throw reason;
    }
  }
}
