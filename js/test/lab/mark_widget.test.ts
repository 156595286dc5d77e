import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { MarkWidget } from '../../lab/src/mark_widget';
import { DEFAULTS, type IOptions } from '../../lab/src/options';
import { Runs, type CellRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';

const answer = { enter: vi.fn(), leave: vi.fn(), click: vi.fn() };

function ran(play: (cell: ReturnType<KernelLog['begin']>) => unknown): CellRun {
  const log = new KernelLog();
  play(log.begin('a', 'x'));
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.last as CellRun;
}

function widget(run: CellRun, isGrey = false, options: IOptions = DEFAULTS): MarkWidget {
  return new MarkWidget(run, run.statements[0], options, isGrey, answer);
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

describe('a mark', () => {
  test('is one note to a screen reader, which reads its label', () => {
    const mark = widget(ran(cell => cell.start(0).finish(0, { value: '42' }))).toDOM();
    expect(mark.getAttribute('role')).toBe('note');
    expect(mark.getAttribute('aria-label')).toBe('Finished in 500 ms: 42');
  });

  test('shows sign, time and result', () => {
    const mark = widget(ran(cell => cell.start(0).finish(0, { value: '42' }))).toDOM();
    expect({ ...mark.dataset }).toEqual({ sign: '✓', words: '✓  500 ms  42' });
    expect(mark.className).toBe('sf-mark sf-box sf-finished');
  });

  test('is a single node: the browser goes through all that a page holds at each key', () => {
    const mark = widget(ran(cell => cell.start(0).finish(0, { value: '42' }))).toDOM();
    expect([mark.childNodes.length, mark.shadowRoot]).toEqual([0, null]);
  });

  test('says and shows that its line has changed', () => {
    const mark = widget(ran(cell => cell.start(0).fail(0, 'KeyError: 3')), true).toDOM();
    expect(mark.className).toBe('sf-mark sf-box sf-failed sf-stale');
    expect(mark.getAttribute('aria-label')).toBe('Changed since it ran. Failed after 500 ms: KeyError: 3');
  });

  test("draws a value's markup as text", () => {
    const mark = widget(ran(cell => cell.start(0).finish(0, { value: '<b>bold</b>' }))).toDOM();
    expect(mark.dataset.words).toContain('<b>bold</b>');
  });

  test('leaves clicks and the pointer to itself, and nothing else', () => {
    const made = widget(ran(cell => cell.start(0)));
    const ignored = ['mousedown', 'click', 'pointerup', 'keydown', 'copy'].filter(type => made.ignoreEvent(new Event(type)));
    expect(ignored).toEqual(['mousedown', 'click', 'pointerup']);
  });
});

describe('the mark of a statement that runs', () => {
  test('counts the time once it has run for a moment', () => {
    const mark = widget(ran(cell => cell.start(0))).toDOM();
    expect(mark.dataset.words).toBe('');
    vi.advanceTimersByTime(400);
    expect(mark.dataset.words).toBe('');
    vi.advanceTimersByTime(800);
    expect(mark.dataset.words).toBe('1.2 s');
  });

  test('shows the time at once when it is drawn late', () => {
    const run = ran(cell => cell.start(0));
    vi.advanceTimersByTime(3000);
    expect(widget(run).toDOM().dataset.words).toBe('3.0 s');
  });

  test('stops counting when it goes, and tells that it is gone', () => {
    const made = widget(ran(cell => cell.start(0)));
    const mark = made.toDOM();
    expect(vi.getTimerCount()).toBe(1);
    made.destroy(mark);
    expect(vi.getTimerCount()).toBe(0);
    expect(answer.leave).toHaveBeenCalledExactlyOnceWith(mark);
  });

  test('has no clock once the statement has ended', () => {
    widget(ran(cell => cell.start(0).finish(0))).toDOM();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a mark is drawn anew', () => {
  const done = ran(cell => cell.start(0).finish(0, { value: '42' }));

  test('not when nothing that it shows has changed', () => {
    expect(widget(done).eq(widget(done))).toBe(true);
  });

  test.each<[string, MarkWidget]>([
    ['its line has changed', widget(done, true)],
    ['other options hold', widget(done, false, { ...DEFAULTS, showTimes: false })],
    ['values are hidden', widget(done, false, { ...DEFAULTS, showValues: false })],
    ['the cell ran again', widget(ran(cell => cell.start(0).finish(0, { value: '42' })))]
  ])('when %s', (_, other) => {
    expect(widget(done).eq(other)).toBe(false);
  });

  test('when its kernel has gone while it ran', () => {
    const run = ran(cell => cell.start(0));
    const before = widget(run);
    run.lose();
    expect(before.eq(widget(run))).toBe(false);
  });

  test('when its statement has ended since', () => {
    const log = new KernelLog();
    const cell = log.begin('a', 'x').start(0);
    const runs = new Runs();
    log.events.forEach(event => runs.apply(event));
    const run = runs.last as CellRun;
    const before = widget(run);
    cell.finish(0);
    log.events.forEach(event => runs.apply(event));
    expect(before.eq(widget(run))).toBe(false);
  });
});
