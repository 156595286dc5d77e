// @vitest-environment node
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import { describe, expect, test } from 'vitest';

import { anchor, anchorAgain, indexOf } from '../../lab/src/reveal';
import { addOutput, Runs, type CellRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';
import { display, outputArea, stream } from '../support/outputs';

/** A cell whose statements displayed so many outputs each. */
function ran(displays: number[]): CellRun {
  const log = new KernelLog();
  const source = displays.map((_, k) => `x${k}`).join('\n');
  log.run('a', source, {}, index => ({ displays: displays[index] }));
  return heard(log);
}

function heard(log: KernelLog): CellRun {
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  return runs.last as CellRun;
}

/** The places of each statement's outputs in the area. */
function places(run: CellRun, outputs: IOutputAreaModel): number[][] {
  const all = Array.from({ length: outputs.length }, (_, k) => outputs.get(k));
  return run.statements.map(each => each.outputs.map(({ model }) => (model ? all.indexOf(model) : -1)));
}

describe('an output that has just been added', () => {
  test('is the last one of its area', () => {
    const [statement] = ran([0]).statements;
    const entry = addOutput(statement, display('b')) ?? expect.fail();
    const outputs = outputArea(display('a'), display('b'));
    anchor(entry, outputs);
    expect(entry).toMatchObject({ model: outputs.get(1) });
    expect(entry.offset).toBeUndefined();
  });

  test('begins in the text that it continues where that ended', () => {
    const [, statement] = ran([0, 0]).statements;
    const entry = addOutput(statement, stream('second\n')) ?? expect.fail();
    const outputs = outputArea(stream('first\n'), stream('second\n'));
    anchor(entry, outputs);
    expect(entry).toMatchObject({ model: outputs.get(0), offset: 'first\n'.length });
  });

  test('has no place in an area that was cleared meanwhile', () => {
    const [statement] = ran([0]).statements;
    const entry = addOutput(statement, stream('a')) ?? expect.fail();
    anchor(entry, outputArea());
    expect(entry.model).toBeUndefined();
  });
});

describe('an output that is looked for', () => {
  test('is found though another came before it', () => {
    const [statement] = ran([0]).statements;
    const entry = addOutput(statement, display('b')) ?? expect.fail();
    const outputs = outputArea(display('a'), display('b'));
    anchor(entry, outputs);
    const { model } = entry;
    const shorter = { length: 1, get: () => model } as unknown as IOutputAreaModel;
    expect(indexOf(entry, shorter)).toBe(0);
  });

  test('is found where JupyterLab puts a new model in the place of a stream that goes on', () => {
    const [, statement] = ran([0, 0]).statements;
    const entry = addOutput(statement, stream('second\n')) ?? expect.fail();
    anchor(entry, outputArea(stream('first\n'), stream('second\n')));
    expect(indexOf(entry, outputArea(stream('first\n'), stream('second\n'), stream('third\n')))).toBe(0);
  });

  test('is not taken for another that stands in its place now', () => {
    const [statement] = ran([0]).statements;
    const entry = addOutput(statement, stream('text\n')) ?? expect.fail();
    anchor(entry, outputArea(stream('text\n')));
    expect(indexOf(entry, outputArea(stream('other\n')))).toBe(-1);
    expect(indexOf(entry, outputArea())).toBe(-1);
  });
});

describe('after a page was loaded anew, the outputs of the notebook', () => {
  test('are given to the statements by how many each displayed, text aside', () => {
    const run = ran([1, 0, 2]);
    const outputs = outputArea(stream('text'), display('a'), stream('more'), display('b'), display('c'));
    anchorAgain(run, outputs);
    expect(places(run, outputs)).toEqual([[1], [], [3, 4]]);
    expect(run.statements[2].outputs.map(each => each.output)).toEqual([display('b'), display('c')]);
  });

  test('are given once', () => {
    const run = ran([1]);
    const outputs = outputArea(display('a'));
    anchorAgain(run, outputs);
    anchorAgain(run, outputs);
    expect(places(run, outputs)).toEqual([[0]]);
  });

  test.each([[[1, 1], 1], [[1], 2], [[0], 1]])('are not guessed at where %j were displayed and %i are there', (displays, count) => {
    const run = ran(displays);
    const outputs = outputArea(...Array.from({ length: count }, () => display('a')));
    anchorAgain(run, outputs);
    expect(places(run, outputs).flat()).toEqual([]);
  });

  test('are left alone while the cell runs', () => {
    const log = new KernelLog();
    log.begin('a', 'x\ny').start(0).finish(0, { displays: 1 }).start(1);
    const run = heard(log);
    const outputs = outputArea(display('a'));
    anchorAgain(run, outputs);
    expect(places(run, outputs)).toEqual([[], []]);
  });

  test('are those of the part that ran last', () => {
    const log = new KernelLog();
    log.run('a', 'x\ny', {}, () => ({ displays: 1 }));
    log.run('a', 'x\ny', { selected: [1] }, () => ({ displays: 1 }));
    const run = heard(log);
    const outputs = outputArea(display('y'));
    anchorAgain(run, outputs);
    expect(places(run, outputs)).toEqual([[], [0]]);
  });
});
