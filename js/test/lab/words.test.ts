// @vitest-environment node
import { describe, expect, test } from 'vitest';

import { DEFAULTS, type IOptions } from '../../lab/src/options';
import { addOutput, Runs, type CellRun, type IStatementRun } from '../../lab/src/runs';
import { announcement, assigned, duration, elapsed, result, spoken, statements, time } from '../../lab/src/words';
import { KernelLog } from '../support/kernel_log';
import { durations } from '../support/wire';

test.each(durations())('%d seconds are written as `%%timeline` writes them: %s', (seconds, written) => {
  expect(duration(seconds)).toBe(written);
});

/** A cell of one line, as far as `play` runs it. */
function ran(play: (cell: ReturnType<KernelLog['begin']>) => unknown, source = 'x'): CellRun {
  const log = new KernelLog();
  play(log.begin('a', source));
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.byCell.get('a') as CellRun;
}

function finished(told: Partial<IStatementRun> = {}, ...printed: string[]): IStatementRun {
  const [statement] = ran(cell => cell.start(0).finish(0)).statements;
  printed.forEach(text => addOutput(statement, { output_type: 'stream', name: 'stdout', text }));
  return Object.assign(statement, told);
}

function options(chosen: Partial<IOptions> = {}): IOptions {
  return { ...DEFAULTS, ...chosen };
}

describe('the time', () => {
  test('is shown from the least time on that the user finds worth it', () => {
    const statement = finished({ duration: 0.01 });
    expect(time(statement, options({ minimumTime: 10 }))).toBe('10.0 ms');
    expect(time(statement, options({ minimumTime: 11 }))).toBe('');
    expect(time(statement, options({ showTimes: false }))).toBe('');
  });

  test('of what runs counts tenths of a second, and minutes once there are some', () => {
    const statement = finished({ heardAt: 1000 });
    expect(elapsed(statement, 900)).toBe('0.0 s');
    expect(elapsed(statement, 2340)).toBe('1.3 s');
    expect(elapsed(statement, 126_000)).toBe('2 min 05 s');
  });
});

describe('the result', () => {
  test('is the value, or what was assigned, or what was printed, as far as the user wants it', () => {
    const all = finished({ value: '42', assigned: [['x', '3']] }, 'hello\n');
    const { value: _, ...rest } = all;
    const unvalued = { ...rest };
    expect(result(all, options())).toBe('42');
    expect(result(all, options({ showValues: false }))).toBe('x = 3');
    expect(result(all, options({ showValues: false, showAssigned: false }))).toBe('');
    expect(result(unvalued, options())).toBe('x = 3');
    expect(result(unvalued, options({ showAssigned: false }))).toBe('hello');
  });

  test('names what was assigned with what it holds, and leaves out what the line itself says', () => {
    const statement = finished({ assigned: [['math', ''], ['x', '3'], ['y', "'a'"]] });
    expect(result(statement, options())).toBe("x = 3, y = 'a'");
    expect(assigned(statement)).toBe("math, x = 3, y = 'a'");
    expect(result(finished({ assigned: [['math', '']] }), options())).toBe('');
  });

  test('is the error where it failed, whatever else is shown', () => {
    const [statement] = ran(cell => cell.start(0).fail(0, 'KeyError: 3')).statements;
    expect(result(statement, options({ showValues: false, showAssigned: false }))).toBe('KeyError: 3');
  });

  test('is an empty value when that was shown', () => {
    expect(result(finished({ value: '' }, 'hello'), options())).toBe('');
  });

  test.each([
    [['one line\n'], 'one line'],
    [['\n  first\nsecond\n'], 'first …'],
    [['a', 'b\n'], 'ab'],
    [['\u001b[1;31mred\u001b[0m and plain'], 'red and plain'],
    [['10 %\r50 %\r100 %\n'], '100 %'],
    [['10 %\r50 %\r'], '50 %'],
    [['one\r\ntwo'], 'one …'],
    [['   \n'], '']
  ])('of the printed %j is %j', (printed, shown) => {
    expect(result(finished({}, ...printed), options())).toBe(shown);
  });

  test('is cut to the length that the user wants', () => {
    const cut = (text: string, maximumLength: number) => result(finished({ value: text }), options({ maximumLength }));
    expect(cut('x'.repeat(60), 60)).toBe('x'.repeat(60));
    expect(cut('x'.repeat(61), 60)).toBe(`${'x'.repeat(59)}…`);
    expect(cut('xyz', 1)).toBe('x…');
  });

  test('is never cut within a character', () => {
    for (let length = 1; length < 12; length++) {
      const shown = result(finished({ value: 'ü😀'.repeat(5) }), options({ maximumLength: length }));
      expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      expect(Array.from(shown).length).toBeLessThanOrEqual(Math.max(length, 2));
    }
  });
});

describe('for a screen reader', () => {
  test('a mark says the state in words, the time and the result', () => {
    const statement = finished({ value: '42', duration: 0.25 });
    expect(spoken(statement, options(), false)).toBe('Finished in 250 ms: 42');
    expect(spoken(statement, options(), true)).toBe('Changed since it ran. Finished in 250 ms: 42');
    expect(spoken(finished({ duration: 2 }), options(), false)).toBe('Finished in 2.00 s');
  });

  test.each([
    ['waiting', 'Has not run'],
    ['running', 'Running'],
    ['failed', 'Failed after 500 ms: failed'],
    ['lost', 'Was running when the kernel ended']
  ] as const)('%s is %j', (state, said) => {
    expect(spoken(finished({ state }), options(), false)).toBe(said);
  });

  test('a mark says what is hidden from the eye, and more of it, but not without end', () => {
    const statement = finished({ value: 'x'.repeat(300), duration: 0 });
    const said = spoken(statement, options({ showValues: false, showTimes: false, maximumLength: 10 }), false);
    expect(said).toBe(`Finished in 0 µs: ${'x'.repeat(199)}…`);
  });

  test('the end of a cell tells how many statements ran, and how long', () => {
    expect(announcement(ran(cell => cell.start(0).finish(0).end()))).toBe('1 statement finished in 1.00 s');
    const two = ran(cell => cell.start(0).finish(0).start(1).finish(1).end(), 'x\ny');
    expect(announcement(two)).toBe('2 statements finished in 2.00 s');
    expect(statements(0)).toBe('0 statements');
  });

  test('the end of a cell that failed tells where and why', () => {
    const run = ran(cell => cell.start(0).finish(0).start(1).fail(1, 'KeyError: 3'), 'x\ny\nz');
    expect(announcement(run)).toBe('Statement 2 of 3, line 2, failed: KeyError: 3');
  });

  test('the end of a part of a cell tells nothing of what failed before and did not run again', () => {
    const log = new KernelLog();
    log.begin('a', 'x\ny').start(0).finish(0).start(1).fail(1);
    log.run('a', 'x\ny', { selected: [0] });
    const runs = new Runs();
    log.events.forEach(event => runs.apply(event));
    expect(announcement(runs.byCell.get('a') as CellRun)).toBe('1 statement finished in 2.00 s');
  });

  test('a cell that was stopped between two statements has not finished', () => {
    const run = ran(cell => cell.start(0).finish(0).tell({ event: 'cell_failed', duration: 2 }), 'x\ny');
    expect(announcement(run)).toBe('Stopped after 1 statement');
  });

  test('a cell whose kernel ended has not finished', () => {
    const run = ran(cell => cell.start(0).finish(0).start(1), 'x\ny');
    run.lose();
    expect(announcement(run)).toBe('The kernel ended in statement 2 of 2');
  });
});
