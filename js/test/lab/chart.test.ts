import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, test } from 'vitest';

import { chart, secondsSoFar } from '../../lab/src/chart';
import { Runs, type CellRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';

const trans = nullTranslator.load('');

function heard(log: KernelLog): CellRun {
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.last as CellRun;
}

/** A run whose statements took these times, one after another. */
function took(...seconds: number[]): CellRun {
  const run = heard(runOf(seconds.map((_, k) => `f(${k})`).join('\n')));
  let began = 0;
  run.statements.forEach((each, k) => {
    Object.assign(each, { began, duration: seconds[k] });
    began += seconds[k];
  });
  run.duration = began;
  return run;
}

function runOf(source: string): KernelLog {
  const log = new KernelLog();
  log.run('a', source);
  return log;
}

describe('a chart', () => {
  test('begins each bar where its statement began, as long as it took', () => {
    const { rows, total } = chart(took(1, 0, 3), 0, trans);
    expect(rows.map(({ start, length }) => [start, length])).toEqual([
      [0, 0.25],
      [0.25, 0],
      [0.25, 0.75]
    ]);
    expect(total).toBe(4);
  });

  test('names each row by its lines and its first line', () => {
    const log = new KernelLog();
    const cell = log.begin('a', 'x = 1\n@once\ndef f():\n  pass', {}, [[1, 1], [2, 4]]);
    cell.start(0).finish(0).start(1).finish(1).end();
    expect(chart(heard(log), 0, trans).rows.map(({ lines, text }) => [lines, text])).toEqual([
      ['1', 'x = 1'],
      ['2–4', '@once …']
    ]);
  });

  test('draws the slowest of many in their order, and sums up the rest', () => {
    const { rows, rest } = chart(took(0.1, 3, 0.2, 5, 4, 0.3), 0, trans, 4);
    expect(rows.map(({ seconds }) => seconds)).toEqual([3, 5, 4, 0.3]);
    expect(rest).toBe('and 2 quicker statements, together 300 ms');
  });

  test('of all statements has no rest', () => {
    expect(chart(took(1, 2), 0, trans, 2).rest).toBe('');
  });

  test('always has the statement that runs now, which has taken no time yet', () => {
    const log = new KernelLog();
    const cell = log.begin('a', 'a\nb\nc\nd');
    cell.start(0).finish(0).start(1).finish(1).start(2);
    const run = heard(log);
    const { rows, title } = chart(run, run.statements[2].heardAt, trans, 2);
    expect(rows.map(({ statement }) => statement.state)).toEqual(['finished', 'running']);
    expect(title).toBe('[1] · statement 3 of 4');
  });

  test('grows with the statement that runs', () => {
    const log = new KernelLog();
    log.begin('a', 'a\nb').start(0);
    const run = heard(log);
    const { heardAt, began } = run.statements[0];
    expect(secondsSoFar(run, heardAt + 2500)).toBeCloseTo(began + 2.5);
    const { rows, total } = chart(run, heardAt + 2500, trans);
    expect(rows[0].seconds).toBeCloseTo(2.5);
    expect(total).toBeCloseTo(began + 2.5);
  });

  test('tells what was not reached, and leaves it out', () => {
    const log = new KernelLog();
    log.begin('a', 'a\nb\nc\nd').start(0).finish(0).start(1).fail(1);
    const { title, rows } = chart(heard(log), 0, trans);
    expect(title).toBe('[1] · 2 statements · 2 not reached · 2.00 s');
    expect(rows.map(({ statement }) => statement.state)).toEqual(['finished', 'failed']);
  });

  test('of a part has that part only, also where the rest is known from before', () => {
    const log = runOf('a\nb\nc');
    log.run('a', 'a\nb\nc', { selected: [1] });
    const { title, rows } = chart(heard(log), 0, trans);
    expect(rows.map(({ text }) => text)).toEqual(['b']);
    expect(title).toBe('[2] · 1 statement · 3.00 s');
  });
});
