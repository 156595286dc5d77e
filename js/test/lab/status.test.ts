import '../support/drag_event';

import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';

import { Runs, type CellRun } from '../../lab/src/runs';
import { statusOf } from '../../lab/src/status';
import { KernelLog } from '../support/kernel_log';

const trans = nullTranslator.load('');

function heard(log: KernelLog): CellRun {
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.last as CellRun;
}

function after(milliseconds: number, tell: (log: KernelLog) => void): string {
  const log = new KernelLog();
  tell(log);
  const run = heard(log);
  const { heardAt = 0, began = 0 } = run.current ?? {};
  return statusOf(run, heardAt - began * 1e3 + milliseconds, trans);
}

test('a cell that runs says at which statement it is, and for how long', () => {
  const told = after(4230, log => log.begin('a', 'a\nb\nc').start(0).finish(0).start(1));
  expect(told).toBe('Statement 2 of 3 · 4.2 s');
});

test('a cell that has just begun is at its first statement', () => {
  expect(after(0, log => log.begin('a', 'a\nb\nc'))).toBe('Statement 1 of 3 · 0.0 s');
});

test('after a minute nobody counts tenths', () => {
  expect(after(61_000, log => log.begin('a', 'a').start(0))).toBe('Statement 1 of 1 · 1 min 01 s');
});

test('a cell that has ended says how much it ran and how long that took', () => {
  expect(after(0, log => log.run('a', 'a\nb\nc'))).toBe('3 statements · 3.00 s');
  expect(after(0, log => log.run('a', 'a'))).toBe('1 statement · 1.00 s');
});

test('a cell that failed says where', () => {
  expect(after(0, log => log.begin('a', 'a\nb\nc').start(0).finish(0).start(1).fail(1))).toBe(
    'Failed at statement 2 of 3'
  );
});

test('a part counts its own statements', () => {
  expect(after(0, log => log.run('a', 'a\nb\nc', { selected: [1, 2] }))).toBe('2 statements · 3.00 s');
});

test('a cell whose kernel went away says where that was', () => {
  const log = new KernelLog();
  log.begin('a', 'a\nb').start(0);
  const run = heard(log);
  run.lose();
  expect(statusOf(run, 0, trans)).toBe('Kernel ended at statement 1 of 2');
});
