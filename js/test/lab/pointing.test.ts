import { EditorView } from '@codemirror/view';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { DEFAULTS } from '../../lab/src/options';
import { show } from '../../lab/src/marks';
import { LineWords, shownMark } from '../../lab/src/pointing';
import { Runs, type CellRun } from '../../lab/src/runs';
import { change, editor } from '../support/editor';
import { KernelLog } from '../support/kernel_log';

vi.mock('../../lab/src/columns', async original => ({
  ...(await original<typeof import('../../lab/src/columns')>()),
  usualColumns: () => 80
}));

/** Pixels: jsdom lays nothing out. The words begin four of their letters behind the code. */
const LETTER = 10;
const CODE = 3 * LETTER;
const WORDS = CODE + 4 * 0.92 * LETTER;
const answer = { enter: vi.fn(), leave: vi.fn(), click: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  vi.spyOn(EditorView.prototype, 'defaultCharacterWidth', 'get').mockReturnValue(LETTER);
  vi.spyOn(EditorView.prototype, 'coordsAtPos').mockImplementation(function (this: EditorView, at) {
    const right = (at - this.state.doc.lineAt(at).from) * LETTER;
    return { left: right, right, top: 0, bottom: 10 };
  });
});

/** An editor of two lines of three letters that have run. */
function marked(): { view: EditorView; run: CellRun; line: (number: number) => HTMLElement } {
  const view = editor('one\ntwo');
  const log = new KernelLog();
  log.begin('a', 'one\ntwo').start(0).finish(0, { value: '1' }).start(1).finish(1, { value: '2' }).end();
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  show(view, runs.last, DEFAULTS, answer);
  return { view, run: runs.last as CellRun, line: number => view.contentDOM.querySelectorAll<HTMLElement>('.cm-line')[number - 1] };
}

function mouse(type: string, target: Element, clientX: number): MouseEvent {
  const event = new MouseEvent(type, { clientX, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

describe('the words of a line', () => {
  test('are told of the pointer over them, once, and when it leaves', () => {
    const { run, line } = marked();
    mouse('mousemove', line(2), WORDS + 1);
    mouse('mousemove', line(2), WORDS + 9);
    expect(answer.enter).toHaveBeenCalledExactlyOnceWith(run, run.statements[1], expect.any(LineWords));
    expect(answer.leave).not.toHaveBeenCalled();
    mouse('mousemove', line(2), WORDS - 1);
    expect(answer.leave).toHaveBeenCalledExactlyOnceWith(answer.enter.mock.calls[0][2]);
  });

  test('of two lines are two', () => {
    const { run, line } = marked();
    mouse('mousemove', line(1), WORDS + 1);
    mouse('mousemove', line(2), WORDS + 1);
    expect(answer.enter.mock.calls.map(([, statement]) => statement)).toEqual(run.statements);
    expect(answer.leave).toHaveBeenCalledExactlyOnceWith(answer.enter.mock.calls[0][2]);
  });

  test('are left with their editor', () => {
    const { view, line } = marked();
    mouse('mousemove', line(1), WORDS + 1);
    view.contentDOM.dispatchEvent(new MouseEvent('mouseleave'));
    expect(answer.leave).toHaveBeenCalledOnce();
  });

  test.each([
    ['their code', CODE - 1],
    ['the gap before them', CODE + 5],
    ['what is behind them', WORDS + 500]
  ])('are not %s', (_, x) => {
    const { line } = marked();
    mouse('mousemove', line(1), x);
    mouse('click', line(1), x);
    expect([answer.enter, answer.click].map(each => each.mock.calls)).toEqual([[], []]);
  });

  test('are clicked', () => {
    const { run, line } = marked();
    mouse('click', line(2), WORDS + 1);
    expect(answer.click).toHaveBeenCalledExactlyOnceWith(run, run.statements[1], expect.any(LineWords));
  });

  test('give their editor the focus when they are pressed, what is around them does not by itself', () => {
    const { view, line } = marked();
    const focus = vi.spyOn(view, 'focus').mockImplementation(() => undefined);
    expect(mouse('mousedown', line(2), WORDS + 1).defaultPrevented).toBe(true);
    expect(focus).toHaveBeenCalledOnce();
    mouse('mousedown', line(2), WORDS - 1);
    expect(focus).toHaveBeenCalledOnce();
  });

  test('that go while the pointer is there are left', () => {
    const { view, line } = marked();
    mouse('mousemove', line(2), WORDS + 1);
    change(view, 0, 0, '#\n');
    expect(answer.leave).not.toHaveBeenCalled();
    change(view, 5, 9, '');
    expect(answer.leave).toHaveBeenCalledOnce();
    expect(answer.enter.mock.calls[0][2].isConnected).toBe(false);
  });

  test('stand behind the code, as wide as their letters', () => {
    const { view, run } = marked();
    const { left, top, height, width } = new LineWords(view, run.statements[0]).getBoundingClientRect();
    expect([left, top, height]).toEqual([WORDS, 0, 10]);
    expect(width).toBeCloseTo(0.92 * LETTER * '✓_  500 ms  1'.length);
  });
});

describe('a statement is seen', () => {
  test('as the words of its line', () => {
    const { view, run } = marked();
    const found = shownMark(view, run.statements[1]);
    expect(found).toBeInstanceOf(LineWords);
    expect((found as LineWords).statement).toBe(run.statements[1]);
  });

  test('as its line where marks are hidden', () => {
    const { view, run, line } = marked();
    show(view, run, { ...DEFAULTS, inlineResults: false }, answer);
    expect(shownMark(view, run.statements[1])).toBe(line(2));
  });
});
