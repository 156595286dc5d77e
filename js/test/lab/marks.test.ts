import type { EditorView } from '@codemirror/view';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { columnsChanged } from '../../lab/src/columns';
import { linesOf, statementAt, type IMarkHandlers } from '../../lab/src/mark_field';
import { show } from '../../lab/src/marks';
import { DEFAULTS } from '../../lab/src/options';
import { Runs, type CellRun } from '../../lab/src/runs';
import { change, drawn, edit, editor, strip } from '../support/editor';
import { KernelLog } from '../support/kernel_log';

const room = vi.hoisted(() => ({ columns: 0 }));
vi.mock('../../lab/src/columns', async original => ({
  ...(await original<typeof import('../../lab/src/columns')>()),
  usualColumns: () => room.columns
}));

const NO_ONE: IMarkHandlers = { enter: () => undefined, leave: () => undefined, click: () => undefined };

/** A cell whose statements have run, each with its number for a value. */
function ran(source: string, lines?: [number, number][]): CellRun {
  const log = new KernelLog();
  const count = lines?.length ?? source.split('\n').length;
  const cell = log.begin('a', source, {}, lines);
  for (let k = 0; k < count; k++) {
    cell.start(k).finish(k, { value: String(k), duration: 0 });
  }
  cell.end();
  return heard(log);
}

function heard(log: KernelLog): CellRun {
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.last as CellRun;
}

function marked(source: string, lines?: [number, number][]): { view: EditorView; run: CellRun } {
  const view = editor(source);
  const run = ran(source, lines);
  show(view, run, DEFAULTS, NO_ONE);
  return { view, run };
}

describe.each([
  ['as elements', 0],
  ['as words of their lines', 80]
])('marks %s', (_, columns) => {
  beforeEach(() => {
    room.columns = columns;
  });

  describe('a line that was gone', () => {
    test('has its mark again when it comes back as it was', () => {
      const { view } = marked('a\nb\nc');
      const removed = { from: 2, to: 4, insert: '' };
      view.dispatch({ changes: removed });
      expect(drawn(view)).toEqual(['a ✓0', 'c ✓2']);
      view.dispatch({ changes: { from: 2, insert: 'b\n' } });
      expect(drawn(view)).toEqual(['a ✓0', 'b ✓1', 'c ✓2']);
    });

    test('has none when it comes back otherwise', () => {
      const { view } = marked('a\nb\nc');
      view.dispatch({ changes: { from: 2, to: 4, insert: '' } });
      view.dispatch({ changes: { from: 2, insert: 'd\n' } });
      expect(drawn(view)).toEqual(['a ✓0', 'd', 'c ✓2']);
    });

    test('has its mark where a formatter wrote the whole text anew', () => {
      const { view } = marked('a\nb\nc');
      view.dispatch({ changes: { from: 0, to: 5, insert: 'a\n\nb\nC' } });
      expect(drawn(view)).toEqual(['a ✓0', '', 'b ✓1', 'C']);
    });
  });

  describe('a mark', () => {
    test('stands behind each statement, and the strip beside each of its lines', () => {
      const { view } = marked('a\n\nf(\n)\nb', [[1, 1], [3, 4], [5, 5]]);
      expect(drawn(view)).toEqual(['a ✓0', '', 'f(', ') ✓1', 'b ✓2']);
      expect(strip(view)).toEqual(['finished', '', 'finished', 'finished', 'finished']);
    });

    test('stands beside the other when two statements share a line', () => {
      const { view } = marked('a; b\nc', [[1, 1], [1, 1], [2, 2]]);
      expect(drawn(view)).toEqual(['a; b ✓0 ✓1', 'c ✓2']);
    });

    test('is not there before its statement has begun, but the strip is', () => {
      const log = new KernelLog();
      log.begin('a', 'a\nb').start(0).finish(0, { value: '0', duration: 0 });
      const view = editor('a\nb');
      show(view, heard(log), DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['a ✓0', 'b']);
      expect(view.contentDOM.querySelectorAll('.sf-mark')).toHaveLength(1);
      expect(strip(view)).toEqual(['finished', 'waiting']);
    });

    test('follows its statement through its states', () => {
      const log = new KernelLog();
      const cell = log.begin('a', 'a\nb');
      const runs = new Runs();
      const view = editor('a\nb');
      const states: string[][] = [];
      const hear = () => {
        log.events.forEach(event => runs.apply(event));
        show(view, runs.last, DEFAULTS, NO_ONE);
        states.push(strip(view));
      };
      hear();
      cell.start(0);
      hear();
      cell.finish(0).start(1);
      hear();
      cell.fail(1);
      hear();
      expect(states.map(each => each.join(' '))).toEqual([
        'waiting waiting',
        'running waiting',
        'finished running',
        'finished failed'
      ]);
      expect(drawn(view)[1]).toBe('b ✗500 msValueError: no');
    });

    test('stands where its lines are, in an editor that is opened after an edit', () => {
      const view = editor('# new\nb\na + 1');
      show(view, ran('a\nb'), DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['# new', 'b ✓1', 'a + 1']);
    });

    test('is grey when its kernel is gone', () => {
      const { view, run } = marked('a');
      run.lose();
      show(view, run, DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['a ~✓0']);
      expect(strip(view)).toEqual(['~finished']);
    });

    test('and the strip are shown each when the user wants it', () => {
      const { view, run } = marked('a');
      show(view, run, { ...DEFAULTS, inlineResults: false }, NO_ONE);
      expect([drawn(view), strip(view)]).toEqual([['a'], ['finished']]);
      show(view, run, { ...DEFAULTS, strip: false }, NO_ONE);
      expect([drawn(view), strip(view)]).toEqual([['a ✓0'], ['']]);
    });
  });

  describe('an edit', () => {
    test('moves the marks below it', () => {
      const { view } = marked('a\nb');
      change(view, 0, 0, '# one\n# two\n');
      expect(drawn(view)).toEqual(['# one', '# two', 'a ✓0', 'b ✓1']);
      edit(view, '# two\n', '');
      expect(drawn(view)).toEqual(['# one', 'a ✓0', 'b ✓1']);
    });

    test.each([
      ['at the end of a line', 3, 3, ' + 1', ['a ✓0', 'b + 1 ~✓1', 'c ✓2']],
      ['at the start of a line', 2, 2, 'not ', ['a ✓0', 'not b ~✓1', 'c ✓2']],
      ['that joins two lines', 1, 2, '', ['ab ~✓0 ~✓1', 'c ✓2']]
    ])('%s greys its marks, and undone makes them fresh', (_, from, to, text, shown) => {
      const { view } = marked('a\nb\nc');
      const undo = change(view, from, to, text);
      expect(drawn(view)).toEqual(shown);
      undo();
      expect(drawn(view)).toEqual(['a ✓0', 'b ✓1', 'c ✓2']);
    });

    test('typed and taken back letter by letter leaves the mark fresh', () => {
      const { view } = marked('a\nb');
      for (const letter of ' + 1') {
        const end = view.state.doc.line(1).to;
        change(view, end, end, letter);
        expect(drawn(view)[0]).toContain('~');
      }
      for (let k = 0; k < 4; k++) {
        expect(drawn(view)[0]).toContain('~');
        const end = view.state.doc.line(1).to;
        change(view, end - 1, end, '');
      }
      expect(drawn(view)).toEqual(['a ✓0', 'b ✓1']);
    });

    test('of one of its lines greys a statement of several', () => {
      const { view } = marked('f(\n1\n)\nb', [[1, 3], [4, 4]]);
      const back = edit(view, '1', '2');
      expect(drawn(view)).toEqual(['f(', '2', ') ~✓0', 'b ✓1']);
      expect(strip(view)).toEqual(['~finished', '~finished', '~finished', 'finished']);
      back();
      expect(drawn(view)).toEqual(['f(', '1', ') ✓0', 'b ✓1']);
    });

    test.each([
      ['start', 2, ['a ✓0', '', 'b ✓1', 'c ✓2']],
      ['end', 3, ['a ✓0', 'b ✓1', '', 'c ✓2']]
    ])('by Enter at the %s of a line leaves its mark with its text, and fresh', (_, at, shown) => {
      const { view } = marked('a\nb\nc');
      change(view, at, at, '\n');
      expect(drawn(view)).toEqual(shown);
    });

    test('that writes a new line above by typing it into the line leaves the mark fresh in the end', () => {
      const { view } = marked('a');
      [...'new\n'].forEach((letter, k) => change(view, k, k, letter));
      expect(drawn(view)).toEqual(['new', 'a ✓0']);
    });

    test('that deletes a line takes its mark, and no other', () => {
      const { view, run } = marked('a\nb\nc');
      edit(view, 'b\n', '');
      expect(drawn(view)).toEqual(['a ✓0', 'c ✓2']);
      expect(linesOf(view.state, run.statements[1])).toBeUndefined();
      edit(view, '\nc', '');
      expect(drawn(view)).toEqual(['a ✓0']);
    });

    test('that empties a line takes its mark', () => {
      const { view } = marked('a\nb');
      edit(view, 'a', '');
      expect(drawn(view)).toEqual(['', 'b ✓1']);
    });

    test('that pastes over everything takes all marks', () => {
      const { view } = marked('a\nb\nc');
      change(view, 0, view.state.doc.length, 'x\ny\nz\nw');
      expect(drawn(view)).toEqual(['x', 'y', 'z', 'w']);
      expect(strip(view)).toEqual(['', '', '', '']);
    });

    test('and news of the same run in one leave the marks on their text', () => {
      const { view, run } = marked('a\nb');
      change(view, 0, 0, '#\n');
      show(view, run, DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['#', 'a ✓0', 'b ✓1']);
      edit(view, 'b', 'b2');
      show(view, run, DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['#', 'a ✓0', 'b2 ~✓1']);
    });
  });

  describe('a new run', () => {
    test('replaces the old one, and what was stale is fresh', () => {
      const { view } = marked('a\nb');
      edit(view, 'a', 'a1');
      show(view, ran('a1\nb'), DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['a1 ✓0', 'b ✓1']);
    });

    test('that is told of when the text has changed already marks what still reads the same', () => {
      const { view } = marked('a\nb');
      edit(view, 'a', 'a2');
      show(view, ran('a1\nb'), DEFAULTS, NO_ONE);
      expect(drawn(view)).toEqual(['a2', 'b ✓1']);
    });
  });

  describe('an editor', () => {
    test('that never had a run carries nothing of ours', () => {
      const view = editor('a');
      const { state } = view;
      show(view, undefined, DEFAULTS, NO_ONE);
      expect(view.state).toBe(state);
      expect(statementAt(state, 0)).toBeUndefined();
      expect(linesOf(state, ran('a').statements[0])).toBeUndefined();
    });

    test('whose marks were taken away shows none, nor after an edit', () => {
      const { view } = marked('a');
      show(view, undefined, DEFAULTS, NO_ONE);
      edit(view, 'a', 'b');
      expect([drawn(view), strip(view)]).toEqual([['b'], ['']]);
    });

    test('with a thousand statements follows each of them', () => {
      const source = Array.from({ length: 1000 }, (_, k) => `x${k}`).join('\n');
      const { view, run } = marked(source);
      change(view, 0, 0, '#\n');
      edit(view, 'x500\n', '');
      expect(linesOf(view.state, run.statements[0])).toEqual({ first: 2, last: 2 });
      expect(linesOf(view.state, run.statements[500])).toBeUndefined();
      expect(linesOf(view.state, run.statements[999])).toEqual({ first: 1000, last: 1000 });
    });
  });
});

test('an element tells a click on it, the pointer over it and its end to who answers', () => {
  room.columns = 0;
  const answer = { enter: vi.fn(), leave: vi.fn(), click: vi.fn() };
  const view = editor('a');
  const run = ran('a');
  show(view, run, DEFAULTS, answer);
  const mark = view.contentDOM.querySelector('.sf-mark') as HTMLElement;
  mark.dispatchEvent(new MouseEvent('mouseenter'));
  mark.dispatchEvent(new MouseEvent('mouseleave'));
  mark.click();
  expect(answer.enter).toHaveBeenCalledExactlyOnceWith(run, run.statements[0], mark);
  expect(answer.leave).toHaveBeenCalledExactlyOnceWith(mark);
  expect(answer.click).toHaveBeenCalledExactlyOnceWith(run, run.statements[0], mark);
  show(view, undefined, DEFAULTS, answer);
  expect(answer.leave).toHaveBeenCalledTimes(2);
});

describe('a line shows the words of its mark', () => {
  const kinds = (view: EditorView) =>
    Array.from(view.contentDOM.querySelectorAll('.cm-line'), line =>
      line.matches('.sf-mark') ? 'words' : line.querySelector('.sf-box') ? 'element' : ''
    );

  beforeEach(() => {
    room.columns = 40;
  });

  test('as attributes, which are no text of the editor and are spoken otherwise', () => {
    const { view } = marked('a');
    const line = view.contentDOM.querySelector<HTMLElement>('.cm-line');
    expect({ ...line?.dataset }).toEqual({ words: '✓  0', spoken: 'Finished in 0 µs: 0' });
    expect(line?.textContent).toBe('a');
  });

  test('where they certainly fit', () => {
    room.columns = 20;
    const { view } = marked(`a\n${'b'.repeat(11)}\n${'c'.repeat(12)}\n${'é'.repeat(6)}`);
    expect(kinds(view)).toEqual(['words', 'words', 'element', 'element']);
  });

  test('until it is too long, and when it is short again', () => {
    const { view } = marked('a\nb');
    const end = () => view.state.doc.line(1).to;
    change(view, end(), end(), ' #'); // now it is stale
    for (let k = 0; k < 40; k++) {
      change(view, end(), end(), '-');
    }
    expect(kinds(view)).toEqual(['element', 'words']);
    for (let k = 0; k < 38; k++) {
      change(view, end() - 1, end(), '');
    }
    expect(kinds(view)).toEqual(['words', 'words']);
  });

  test('when the editor is wide enough', () => {
    const { view } = marked('a\nb');
    view.dispatch({ effects: columnsChanged.of(5) });
    expect(kinds(view)).toEqual(['element', 'element']);
    view.dispatch({ effects: columnsChanged.of(40) });
    expect(kinds(view)).toEqual(['words', 'words']);
  });

  test('where it is the only one', () => {
    const { view } = marked('a; b\nf(\n); c\nd', [[1, 1], [1, 1], [2, 3], [3, 3], [4, 4]]);
    expect(kinds(view)).toEqual(['element', '', 'element', 'words']);
    change(view, view.state.doc.length - 1, view.state.doc.length - 1, '# ');
    change(view, view.state.doc.line(4).from - 1, view.state.doc.line(4).from, ' ');
    expect(kinds(view)).toEqual(['element', '', 'element']);
  });

  test('when its statement is over', () => {
    const log = new KernelLog();
    const cell = log.begin('a', 'a\nb').start(0);
    const view = editor('a\nb');
    const runs = new Runs();
    const hear = () => {
      log.events.splice(0).forEach(event => runs.apply(event));
      show(view, runs.last, DEFAULTS, NO_ONE);
      return kinds(view);
    };
    expect(hear()).toEqual(['element', '']);
    cell.fail(0);
    expect(hear()).toEqual(['words', '']);
  });

  test('and a key elsewhere in it changes nothing of them', () => {
    const { view } = marked('a\nb');
    change(view, 1, 1, '#');
    const written = new MutationObserver(() => undefined);
    written.observe(view.contentDOM, { attributes: true, subtree: true });
    change(view, 2, 2, '#');
    expect(written.takeRecords().filter(({ target }) => target !== view.contentDOM)).toEqual([]);
  });
});

describe('the statement at a position', () => {
  test('is the one on that line, the last where there are several', () => {
    const { view } = marked('a; b\n\nf(\n)', [[1, 1], [1, 1], [3, 4]]);
    const at = (position: number) => statementAt(view.state, position)?.statement.index;
    expect([0, 4, 5, 6, 9].map(at)).toEqual([1, 1, undefined, 2, 2]);
  });

  test('is still the one when the line was written on', () => {
    const { view, run } = marked('a\nb');
    change(view, 1, 1, ' + 1');
    change(view, 0, 0, '1 + ');
    expect(statementAt(view.state, 0)).toEqual({ run, statement: run.statements[0] });
    expect(statementAt(view.state, view.state.doc.line(1).to)?.statement.index).toBe(0);
  });

  test('has the lines where it stands now', () => {
    const { view, run } = marked('a\nf(\n)', [[1, 1], [2, 3]]);
    change(view, 0, 0, '#\n');
    change(view, view.state.doc.length - 1, view.state.doc.length - 1, '\n\n');
    expect(linesOf(view.state, run.statements[1])).toEqual({ first: 3, last: 6 });
  });
});
