import '../support/drag_event';

import { pythonLanguage } from '@codemirror/lang-python';
import { EditorSelection, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { addCommands, CommandIDs } from '../../lab/src/commands';
import { show } from '../../lab/src/marks';
import { DEFAULTS } from '../../lab/src/options';
import type { IRunnable, IStatements } from '../../lab/src/runnable';
import { Runs, type CellRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';

const SOURCE = 'a = 1\n\n# no code\nb = 2\n\nc = 3';

/** The commands over one cell with the cursor on a line, and what they did. */
function page(line: number, { log = new KernelLog(), isThere = true } = {}) {
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  const state = EditorState.create({ doc: SOURCE, extensions: pythonLanguage });
  const view = new EditorView({ state, parent: document.body });
  onTestFinished(() => view.destroy());
  view.dispatch({ selection: { anchor: state.doc.line(line).from } });
  show(view, runs.byCell.get('a'), DEFAULTS, { enter: vi.fn(), leave: vi.fn(), click: vi.fn() });
  const current = {
    feed: { runs },
    cellId: 'a',
    view,
    runLines: vi.fn(async (_first: number, _last: number) => undefined as void),
    resume: vi.fn(async () => undefined),
    clear: vi.fn(),
    reveal: vi.fn(async () => false)
  };
  const settings = { options: { ...DEFAULTS }, set: vi.fn() };
  const card = { openForKeyboard: vi.fn() };
  const statements = { settings, card, current: isThere ? (current as unknown as IRunnable) : undefined };
  const tell = vi.fn();
  const commands = new CommandRegistry();
  let menuLine: number | undefined;
  addCommands(commands, {
    statements: statements as unknown as IStatements,
    isThere: () => isThere,
    lineUnderMenu: () => menuLine,
    tell,
    trans: nullTranslator.load('')
  });
  const openMenu = (at: number) => (menuLine = at);
  return { ...current, run: runs.last as CellRun, commands, settings, card, tell, openMenu };
}

/** A kernel's log in which the cell failed at its last statement. */
function failed(): KernelLog {
  const log = new KernelLog();
  log.begin('a', SOURCE, {}, [[1, 1], [4, 4], [6, 6]]).start(0).finish(0, { value: '1' }).start(1).fail(1);
  return log;
}

describe('running a part', () => {
  test.each([
    [CommandIDs.runLines, 4, [4, 4]],
    [CommandIDs.runToHere, 4, [1, 4]],
    [CommandIDs.runFromHere, 4, [4, 6]],
    [CommandIDs.runToHere, 3, [1, 3]],
    [CommandIDs.runFromHere, 2, [2, 6]]
  ])('%s from line %i runs lines %j', async (command, line, lines) => {
    const { commands, runLines } = page(line);
    await commands.execute(command);
    expect(runLines.mock.calls).toEqual([lines]);
  });

  test('takes the lines that are selected', async () => {
    const { commands, runLines, view } = page(1);
    view.dispatch({ selection: EditorSelection.range(view.state.doc.line(6).to, view.state.doc.line(4).from) });
    await commands.execute(CommandIDs.runLines);
    expect(runLines.mock.calls).toEqual([[4, 6]]);
  });

  test('from a context menu begins at the line that the menu was opened on', async () => {
    const { commands, runLines, openMenu } = page(1);
    openMenu(4);
    await commands.execute(CommandIDs.runFromHere, { isContextMenu: true });
    await commands.execute(CommandIDs.runLines, { isContextMenu: true });
    await commands.execute(CommandIDs.runFromHere);
    expect(runLines.mock.calls).toEqual([[4, 6], [4, 4], [1, 6]]);
  });

  test('without a statement runs nothing, and says so', async () => {
    const { commands, runLines, tell } = page(3);
    await commands.execute(CommandIDs.runLines);
    expect(runLines).not.toHaveBeenCalled();
    expect(tell.mock.calls).toEqual([['Line 3 has no statement to run.']]);
  });

  test('is over without a complaint when the kernel was restarted meanwhile', async () => {
    const { commands, runLines } = page(1);
    runLines.mockRejectedValueOnce(new Error('Canceled future for execute_request message before replies were done'));
    await expect(commands.execute(CommandIDs.runLines)).resolves.toBeUndefined();
    runLines.mockRejectedValueOnce(new Error('no disk'));
    await expect(commands.execute(CommandIDs.runLines)).rejects.toThrow('no disk');
  });
});

describe('resuming', () => {
  test('is offered where a cell failed', async () => {
    const { commands, resume } = page(1, { log: failed() });
    expect(commands.isEnabled(CommandIDs.resume)).toBe(true);
    await commands.execute(CommandIDs.resume);
    expect(resume).toHaveBeenCalledOnce();
  });

  test('is not offered where nothing failed, another cell did, or the cell runs again', () => {
    expect(page(1).commands.isEnabled(CommandIDs.resume)).toBe(false);
    const another = new KernelLog();
    another.begin('b', 'x').start(0).fail(0);
    expect(page(1, { log: another }).commands.isEnabled(CommandIDs.resume)).toBe(false);
    const again = failed();
    again.begin('a', SOURCE).start(0);
    expect(page(1, { log: again }).commands.isEnabled(CommandIDs.resume)).toBe(false);
  });
});

describe('the statement at the cursor', () => {
  test('opens its card at its mark', async () => {
    const { commands, card, run, view } = page(1, { log: failed() });
    await commands.execute(CommandIDs.showResult);
    const mark = view.contentDOM.querySelector('.sf-mark');
    expect(mark).not.toBeNull();
    expect(card.openForKeyboard).toHaveBeenCalledWith(run, run.statements[0], mark, undefined);
  });

  test('opens its card at its line where marks are hidden', async () => {
    const { commands, card, run, view } = page(4, { log: failed() });
    show(view, run, { ...DEFAULTS, inlineResults: false }, { enter: vi.fn(), leave: vi.fn(), click: vi.fn() });
    await commands.execute(CommandIDs.showResult);
    const line = view.contentDOM.querySelectorAll('.cm-line')[3];
    expect(card.openForKeyboard).toHaveBeenCalledWith(run, run.statements[1], line, undefined);
  });

  test('that showed nothing says so', async () => {
    const { commands, tell, reveal, run } = page(1, { log: failed() });
    await commands.execute(CommandIDs.showOutput);
    expect(reveal).toHaveBeenCalledWith(run, run.statements[0], 'output');
    expect(tell.mock.calls).toEqual([['The statement at the cursor has shown nothing.']]);
  });

  test('that never ran says so', async () => {
    const { commands, tell, card } = page(1);
    await commands.execute(CommandIDs.showResult);
    expect(card.openForKeyboard).not.toHaveBeenCalled();
    expect(tell.mock.calls).toEqual([['No statement of line 1 has run yet.']]);
  });
});

test('clearing takes the marks of this cell, or of all', async () => {
  const { commands, clear } = page(1);
  await commands.execute(CommandIDs.clear);
  await commands.execute(CommandIDs.clearAll);
  expect(clear.mock.calls).toEqual([['this'], ['all']]);
});

test('showing results beside the lines is a setting, with a check mark', async () => {
  const { commands, settings } = page(1);
  expect(commands.isToggled(CommandIDs.toggleResults)).toBe(true);
  await commands.execute(CommandIDs.toggleResults);
  expect(settings.set.mock.calls).toEqual([['inlineResults', false]]);
});

test('where no kernel tells of statements nothing is to be seen', () => {
  const { commands } = page(1, { isThere: false });
  for (const id of commands.listCommands()) {
    expect([id, commands.isVisible(id), commands.isEnabled(id)]).toEqual([id, false, false]);
  }
  expect(page(1).commands.isVisible(CommandIDs.runLines)).toBe(true);
});
