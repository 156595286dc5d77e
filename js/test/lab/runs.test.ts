// @vitest-environment node
import { describe, expect, test } from 'vitest';

import type { StatementEvent } from '../../lab/src/protocol';
import { addOutput, KEPT_OUTPUTS, KEPT_TEXT, Runs, textOf, type IStatementRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';
import { Random } from '../support/random';
import { knownTo, stories } from '../support/wire';

function heard(events: readonly StatementEvent[], runs = new Runs()): Runs {
  events.forEach(event => runs.apply(event));
  return runs;
}

/** All that is known, to be compared. */
function all(runs: Runs): unknown {
  return { page: knownTo(runs), last: runs.last?.msgId, failed: runs.failed?.msgId };
}

function statementsOf(runs: Runs, cellId: string): IStatementRun[] {
  return runs.byCell.get(cellId)?.statements ?? [];
}

const STREAM = { output_type: 'stream', name: 'stdout', text: 'kept' };

describe.each(stories())('the golden messages of a %s', (_, story) => {
  const messages = story.news.map(news => news.events);
  const history = messages[messages.length - 1];
  const told = heard(messages.slice(0, -1).flat());

  test('lead to what the page is to know', () => {
    expect(knownTo(told)).toEqual(story.page);
  });

  test('lead there by the history alone, and by it after any of them', () => {
    for (let k = 0; k < messages.length; k++) {
      expect(all(heard([...messages.slice(0, k).flat(), ...history]))).toEqual(all(told));
    }
  });

  test('change nothing when they come again', () => {
    const runs = heard(messages.flat());
    const before = new Map(runs.byCell);
    before.forEach(run => run.statements.forEach(each => addOutput(each, STREAM)));
    heard([...messages.flat(), ...history], runs);
    expect(all(runs)).toEqual(all(told));
    before.forEach((run, cellId) => {
      expect(runs.byCell.get(cellId)).toBe(run);
      expect(run.statements.map(each => each.outputs.length)).toEqual(run.statements.map(() => 1));
    });
  });
});

/** Cells that run one after the other, whole or in part, fail, are edited, are resumed; the last may still run. */
function randomLog(random: Random): KernelLog {
  const log = new KernelLog();
  const failedAt = new Map<string, number>();
  for (let k = 1 + random.below(8); k > 0; k--) {
    const cellId = random.pick(['a', 'b', 'c', null]);
    const source = Array.from({ length: 1 + random.below(5) }, () => random.pick(['x', 'y', 'z'])).join('\n');
    const indexes = source.split('\n').map((_, index) => index);
    const skipped = random.is(0.3) ? indexes.slice(0, failedAt.get(cellId ?? '') ?? 0) : [];
    const selected = !skipped.length && random.is(0.3) ? indexes.filter(() => random.is(0.5)) : undefined;
    const planned = (selected ?? indexes).filter(index => !skipped.includes(index));
    const cell = log.begin(cellId, source, { skipped, ...(selected && { selected }) });
    const fails = random.is(0.3) ? random.pick(planned) : undefined;
    const stops = k === 1 && random.is(0.5) ? random.pick(planned) : undefined;
    for (const index of planned) {
      cell.start(index);
      if (index === stops) {
        return log;
      }
      if (index === fails) {
        cell.fail(index);
        failedAt.set(cellId ?? '', index);
        break;
      }
      cell.finish(index, { value: `${k}:${index}`, displays: 1 });
    }
    if (fails === undefined) {
      cell.end();
    }
  }
  return log;
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  'histories between the news change nothing, nor does a history in its place (random %i)',
  seed => {
    const random = new Random(seed);
    const log = randomLog(random);
    const { events } = log;
    const plain = all(heard(events));
    const at = random.below(events.length + 1);
    expect(all(heard([...log.history(at), ...events.slice(at)]))).toEqual(plain);
    const runs = heard(events.slice(0, at));
    const before = new Map(runs.byCell);
    const state = all(runs);
    heard([...log.history(at), ...log.history(at)], runs);
    expect(all(runs)).toEqual(state);
    expect(new Map(runs.byCell)).toEqual(before);
    before.forEach((run, cellId) => expect(runs.byCell.get(cellId)).toBe(run));
    expect(all(heard(events.slice(at), runs))).toEqual(plain);
  }
);

test('a history that repeats the start of a statement does not start its clock anew', () => {
  const log = new KernelLog();
  log.begin('a', 'x').start(0);
  const runs = heard(log.events);
  const [statement] = statementsOf(runs, 'a');
  statement.heardAt = 1;
  heard(log.history(), runs);
  expect(statementsOf(runs, 'a')[0]).toBe(statement);
  expect(statement).toMatchObject({ state: 'running', heardAt: 1 });
});

test('what is heard of late has been running as long as the kernel says', () => {
  const log = new KernelLog();
  log.begin('a', 'x').start(0);
  const [began, started] = log.events;
  const runs = new Runs();
  const now = performance.now();
  log.events.forEach(event => runs.apply(event, started.time + 5));
  const run = runs.byCell.get('a');
  expect(started.time).toBe(began.time + 1);
  expect((now - (run?.heardAt ?? 0)) / 1e3).toBeCloseTo(6, 0);
  expect((now - (run?.statements[0].heardAt ?? 0)) / 1e3).toBeCloseTo(5, 0);
});

test('a clock that goes wrong between two messages makes nothing start in the future', () => {
  const log = new KernelLog();
  log.begin('a', 'x').start(0);
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event, event.time - 100));
  expect(runs.byCell.get('a')?.heardAt).toBeLessThanOrEqual(performance.now());
  expect(statementsOf(runs, 'a')[0].heardAt).toBeLessThanOrEqual(performance.now());
});

test('a history does not bring a run back that a later one has replaced', () => {
  const log = new KernelLog();
  log.run('a', 'x');
  log.run('a', 'x\ny');
  const runs = heard(log.events);
  const run = runs.byCell.get('a');
  addOutput(statementsOf(runs, 'a')[1], STREAM);
  expect(heard(log.history(), runs).byCell.get('a')).toBe(run);
  expect(statementsOf(runs, 'a')[1].outputs).toHaveLength(1);
});

test('a history does not bring a run back whose marks were taken away', () => {
  const log = new KernelLog();
  log.run('a', 'x');
  const runs = heard(log.events);
  runs.forget('a');
  runs.forget('never seen');
  expect(heard(log.history(), runs).byCell.size).toBe(0);
  log.run('a', 'x');
  expect(heard(log.history(), runs).byCell.get('a')?.executionCount).toBe(2);
});

test('events of cells that the page never heard begin are ignored', () => {
  const log = new KernelLog();
  log.run('a', 'x\ny');
  const runs = new Runs();
  expect(log.events.slice(1).map(event => runs.apply(event))).toEqual(Array(5).fill(undefined));
  expect(runs.byCell.size).toBe(0);
});

test("a console's cell, which has no id, is not kept", () => {
  const log = new KernelLog();
  log.run(null, 'x');
  expect(heard(log.events).byCell.size).toBe(0);
});

test('a run is found by its message as long as it is the last of its cell', () => {
  const log = new KernelLog();
  const [first, second] = [log.run('a', 'x'), log.run('a', 'x')];
  const runs = heard(log.events);
  expect(runs.ofMessage(first.msgId)).toBeUndefined();
  expect(runs.ofMessage(second.msgId)).toBe(runs.byCell.get('a'));
});

test('a run knows what it planned, how far it came and which statement is current', () => {
  const log = new KernelLog();
  log.run('a', 'x\ny\nz');
  log.begin('a', 'x\ny\nz', { selected: [0, 1] }).start(0);
  const run = heard(log.events).byCell.get('a');
  expect(run).toMatchObject({ planned: 2, reached: 1, current: { index: 0, state: 'running' } });
});

describe('a run of a part', () => {
  const value = (prefix: string) => (index: number) => ({ value: `${prefix}${index}` });

  function after(first: string, second: string, part: { selected?: number[]; skipped?: number[] }): string[] {
    const log = new KernelLog();
    log.run('a', first, {}, value('old '));
    log.run('a', second, part, value('new '));
    return statementsOf(heard(log.events), 'a').map(each => (each.isEarlier ? `(${each.value})` : (each.value ?? '')));
  }

  test('keeps what is known of the statements that it leaves out', () => {
    expect(after('x\ny\nz', 'x\ny\nz', { selected: [1] })).toEqual(['(old 0)', 'new 1', '(old 2)']);
  });

  test('keeps it on the lines where they are now', () => {
    expect(after('x\ny', '# above\nx\nw\ny', { selected: [2] })).toEqual(['', '(old 0)', 'new 2', '(old 1)']);
  });

  test('forgets what was known of statements that read differently now', () => {
    expect(after('x\ny', 'x + 1\ny', { selected: [1] })).toEqual(['', 'new 1']);
  });

  test('tells statements apart that read alike', () => {
    expect(after('x\nx\nx', 'x\nx\nx', { selected: [1] })).toEqual(['(old 0)', 'new 1', '(old 2)']);
    expect(after('x\nx', 'x\nx', { skipped: [0] })).toEqual(['(old 0)', 'new 1']);
    expect(after('x\nx', 'x\nx', { selected: [0] })).toEqual(['new 0', '(old 1)']);
  });

  test('does not take what never ran for what did', () => {
    const log = new KernelLog();
    log.run('a', 'x\ny\nx', { selected: [2] });
    log.run('a', 'x\ny\nx', { selected: [1] });
    expect(statementsOf(heard(log.events), 'a').map(each => [each.state, each.isEarlier])).toEqual([
      ['waiting', false],
      ['finished', false],
      ['finished', true]
    ]);
  });

  test('forgets at once what was known of the statements that it is to run', () => {
    const log = new KernelLog();
    log.run('a', 'x\ny');
    log.begin('a', 'x\ny', { selected: [1] });
    expect(statementsOf(heard(log.events), 'a').map(each => each.state)).toEqual(['finished', 'waiting']);
  });

  test('makes a statement its own that it runs after all, also where only its end is told', () => {
    const log = new KernelLog();
    log.run('a', 'x');
    log.begin('a', 'x', { skipped: [0] }).start(0).finish(0);
    expect(statementsOf(heard(log.history()), 'a')[0].isEarlier).toBe(false);
  });

  test('makes a statement its own that it runs after all, and begins its outputs anew', () => {
    const log = new KernelLog();
    log.run('a', 'x');
    const cell = log.begin('a', 'x', { skipped: [0] });
    const runs = heard(log.events);
    addOutput(statementsOf(runs, 'a')[0], STREAM);
    const count = log.events.length;
    cell.start(0);
    heard(log.events.slice(count), runs);
    expect(statementsOf(runs, 'a')[0]).toMatchObject({ state: 'running', isEarlier: false, outputs: [] });
  });

  test('keeps nothing of a kernel that is gone', () => {
    const log = new KernelLog();
    log.run('a', 'x\ny');
    const runs = heard(log.events);
    runs.lose();
    const count = log.events.length;
    log.run('a', 'x\ny', { selected: [1] });
    heard(log.events.slice(count), runs);
    expect(statementsOf(runs, 'a').map(each => each.state)).toEqual(['waiting', 'finished']);
  });
});

test('a cell that failed is resumed no more when another has gone on with it', () => {
  const log = new KernelLog();
  log.begin('a', 'x\ny').start(0).finish(0).start(1).fail(1);
  expect(heard(log.events).failed?.msgId).toBe('m1');
  log.run('b', 'x\nz', { skipped: [0] });
  expect(heard(log.events).failed).toBeUndefined();
});

test('the cell that failed last is the one to be resumed, until it runs to its end', () => {
  const log = new KernelLog();
  const failed = log.begin('a', 'x').start(0).fail(0);
  log.run('b', 'x');
  const runs = heard(log.events);
  expect(runs.failed?.msgId).toBe(failed.msgId);
  const count = log.events.length;
  log.run('a', 'x', { skipped: [] });
  expect(heard(log.events.slice(count), runs).failed).toBeUndefined();
});

describe('when the kernel is gone', () => {
  function lost(): { log: KernelLog; cell: ReturnType<KernelLog['begin']>; runs: Runs } {
    const log = new KernelLog();
    log.run('c', 'x\ny');
    log.run('c', 'x\ny', { selected: [1] });
    log.begin('a', 'x').start(0).fail(0);
    const cell = log.begin('b', 'x\ny\nz').start(0).finish(0).start(1);
    const runs = heard(log.events);
    runs.lose();
    return { log, cell, runs };
  }

  test('what ran is lost, what had ended is of the past, and nothing is to be resumed', () => {
    const { runs } = lost();
    expect(runs.byCell.get('a')).toMatchObject({ state: 'failed', isOld: true });
    expect(runs.byCell.get('b')).toMatchObject({ state: 'lost', isOld: true });
    expect(statementsOf(runs, 'b').map(each => each.state)).toEqual(['finished', 'lost', 'waiting']);
    expect(runs.failed).toBeUndefined();
  });

  test('what it still tells is not heard', () => {
    const { log, cell, runs } = lost();
    const count = log.events.length;
    cell.fail(1);
    heard(log.events.slice(count), runs);
    expect(runs.failed).toBeUndefined();
    expect(statementsOf(runs, 'b')[1].state).toBe('lost');
  });

  test('one that comes back tells its history, and that holds again', () => {
    const { log, runs } = lost();
    heard(log.history(), runs);
    expect(all(runs)).toEqual(all(heard(log.events)));
    expect(runs.byCell.get('b')?.isOld).toBe(false);
  });
});

describe('the outputs of a statement', () => {
  function statement(): IStatementRun {
    const log = new KernelLog();
    log.begin('a', 'x').start(0);
    return statementsOf(heard(log.events), 'a')[0];
  }
  const stream = (text: string | string[], name = 'stdout') => ({ output_type: 'stream', name, text });

  test('join text that continues a stream, and that alone', () => {
    const each = statement();
    const first = addOutput(each, stream('a'));
    expect(addOutput(each, stream(['b', 'c']))).toBe(first);
    addOutput(each, stream('error', 'stderr'));
    addOutput(each, stream('d'));
    addOutput(each, { output_type: 'display_data', data: {}, metadata: {} });
    addOutput(each, stream('e'));
    expect(each.outputs.map(({ output }) => textOf(output))).toEqual(['abc', 'error', 'd', '', 'e']);
  });

  test('leave what was told unchanged', () => {
    const each = statement();
    const told = stream('a');
    addOutput(each, told);
    addOutput(each, stream('b'));
    expect(told.text).toBe('a');
  });

  test('are bounded in text and in number', () => {
    const each = statement();
    for (let k = 0; k < 100; k++) {
      addOutput(each, stream('x'.repeat(1000)));
    }
    expect(textOf(each.outputs[0].output)).toHaveLength(KEPT_TEXT);
    for (let k = 0; k < 2 * KEPT_OUTPUTS; k++) {
      addOutput(each, { output_type: 'display_data', data: {}, metadata: {} });
    }
    expect(each.outputs).toHaveLength(KEPT_OUTPUTS);
    expect(addOutput(each, stream('y'))).toBeUndefined();
  });
});
