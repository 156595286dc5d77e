// @vitest-environment node
import { describe, expect, onTestFinished, test } from 'vitest';

import { Feed, Feeds, type IOutputAdded } from '../../lab/src/feed';
import { TARGET } from '../../lab/src/protocol';
import { KEPT_TEXT, textOf, type CellRun } from '../../lab/src/runs';
import { KernelLog } from '../support/kernel_log';
import { FakeKernel, FakeSession, settled } from '../support/session';
import { knownTo, stories } from '../support/wire';

interface IHeard {
  session: FakeSession;
  kernel: FakeKernel;
  feed: Feed;
  /** The cells of the runs that changed, by signal. */
  changed: string[][];
  added: IOutputAdded[];
}

/** A feed that has asked its kernel. */
async function listening(kernel = new FakeKernel([TARGET])): Promise<IHeard> {
  const session = new FakeSession(kernel);
  const feed = new Feed(session.context);
  onTestFinished(() => feed.dispose());
  const [changed, added]: [string[][], IOutputAdded[]] = [[], []];
  feed.changed.connect((_, runs) => changed.push(Array.from(runs, run => run.cellId)));
  feed.outputAdded.connect((_, output) => added.push(output));
  await settled();
  return { session, kernel, feed, changed, added };
}

/** The same, while the first statement of a cell runs. */
async function running(): Promise<IHeard & { run: CellRun; msgId: string }> {
  const heard = await listening();
  const log = new KernelLog();
  const { msgId } = log.begin('a', 'x\ny').start(0);
  heard.session.tell(log.events);
  heard.changed.length = 0;
  return { ...heard, msgId, run: heard.feed.runs.byCell.get('a') as CellRun };
}

describe('a kernel', () => {
  test('that tells of statements is asked once for its news, on the comm that all pages share', async () => {
    const { kernel, feed } = await listening();
    expect(kernel.asked.map(({ header, channel, content }) => [header.msg_type, channel, content])).toEqual([
      ['comm_open', 'shell', { comm_id: TARGET, target_name: TARGET, data: {} }]
    ]);
    expect(feed.isLive).toBe(true);
  });

  test.each([[['debugger', 'kernel subshells']], [undefined]])('with the features %j is asked nothing', async features => {
    const { kernel, feed } = await listening(new FakeKernel(features));
    expect(kernel.asked).toEqual([]);
    expect(feed.isLive).toBe(false);
  });

  test('whose information cannot be had is asked nothing', async () => {
    const kernel = new FakeKernel([]);
    kernel.info = Promise.reject(new Error('gone'));
    expect((await listening(kernel)).feed.isLive).toBe(false);
    expect(kernel.asked).toEqual([]);
  });

  test('that is gone before it said what it can do is asked nothing', async () => {
    const [slow, next] = [new FakeKernel([TARGET]), new FakeKernel([])];
    const session = new FakeSession(slow);
    const feed = new Feed(session.context);
    onTestFinished(() => feed.dispose());
    session.change(next);
    await settled();
    expect([slow.asked.length, next.asked.length, feed.isLive]).toEqual([0, 0, false]);
  });

  test('that is there later is asked then, and whether it tells is told', async () => {
    const session = new FakeSession(null);
    const feed = new Feed(session.context);
    onTestFinished(() => feed.dispose());
    const told: boolean[] = [];
    feed.liveChanged.connect((_, isLive) => told.push(isLive));
    const kernel = new FakeKernel([TARGET]);
    session.change(kernel);
    await settled();
    session.change(null);
    expect(kernel.asked).toHaveLength(1);
    expect([told, feed.isLive]).toEqual([[true, false], false]);
  });

  test.each(['restarting', 'autorestarting', 'dead'] as const)(
    'that is %s has its runs of the past, and is asked again once it is back',
    async status => {
      const { session, kernel, feed, run, changed } = await running();
      session.statusChanged.emit(status);
      expect(run).toMatchObject({ isOld: true, state: 'lost' });
      expect(changed).toEqual([['a']]);
      session.statusChanged.emit('starting');
      await settled();
      expect(kernel.asked).toHaveLength(1);
      session.statusChanged.emit('idle');
      session.statusChanged.emit('busy');
      await settled();
      expect(kernel.asked).toHaveLength(2);
      expect(feed.isLive).toBe(true);
    }
  );

  test('that works is not asked again', async () => {
    const { session, kernel, run } = await running();
    session.statusChanged.emit('busy');
    session.statusChanged.emit('idle');
    await settled();
    expect(kernel.asked).toHaveLength(1);
    expect(run.isOld).toBe(false);
  });

  test('to which the connection was lost is asked again, and its runs are not of the past', async () => {
    const { session, kernel, run } = await running();
    session.connectionStatusChanged.emit('connecting');
    session.connectionStatusChanged.emit('connected');
    await settled();
    expect(kernel.asked).toHaveLength(2);
    expect(run).toMatchObject({ isOld: false, state: 'running' });
  });

  test('in place of another makes the runs of that one old', async () => {
    const { session, run, changed } = await running();
    session.change(new FakeKernel([TARGET]));
    expect(run.isOld).toBe(true);
    expect(changed).toEqual([['a']]);
  });
});

describe('news', () => {
  test('tell once which runs they changed', async () => {
    const { session, changed } = await listening();
    const log = new KernelLog();
    log.run('a', 'x\ny');
    log.run('b', 'x');
    session.tell(log.events);
    expect(changed).toEqual([['a', 'b']]);
  });

  test('of nothing that is known change nothing', async () => {
    const { session, changed, feed } = await listening();
    const log = new KernelLog();
    log.run(null, 'x');
    session.tell([]);
    session.tell(log.events);
    expect(changed).toEqual([]);
    expect(feed.runs.byCell.size).toBe(0);
  });

  test('on another comm are not for us', async () => {
    const { session, feed } = await listening();
    const log = new KernelLog();
    log.run('a', 'x');
    session.tell(log.events, 'events', 'another comm');
    expect(feed.runs.byCell.size).toBe(0);
  });

  test('of a feed that is disposed of are not heard, and its kernel is not asked', async () => {
    const { session, kernel, feed } = await listening();
    session.disposed.emit();
    expect(feed.isDisposed).toBe(true);
    const log = new KernelLog();
    log.run('a', 'x');
    session.tell(log.events);
    session.change(new FakeKernel([TARGET]));
    await settled();
    expect(feed.runs.byCell.size).toBe(0);
    expect([kernel, session.session?.kernel].map(each => each?.asked.length)).toEqual([1, 0]);
  });
});

describe('an output', () => {
  test('is of the statement that it is marked with', async () => {
    const { session, run, msgId, added, changed } = await running();
    const content = { data: { 'text/plain': '1' }, metadata: {}, execution_count: 1 };
    session.publish('execute_result', content, msgId, { statement: 0 });
    const [statement] = run.statements;
    expect(statement.outputs.map(each => each.output)).toEqual([{ output_type: 'execute_result', ...content }]);
    expect(added).toEqual([{ run, statement, entry: statement.outputs[0], isNew: true }]);
    expect(changed).toEqual([['a']]);
  });

  test.each(['display_data', 'error'] as const)('may be a %s', async type => {
    const { session, run, msgId } = await running();
    session.publish(type, { data: {}, metadata: {} }, msgId, { statement: 0 });
    expect(run.statements[0].outputs[0].output.output_type).toBe(type);
  });

  test('that continues a stream is joined to it, as far as text is kept', async () => {
    const { session, run, msgId, added } = await running();
    for (let k = 0; k < 30; k++) {
      session.publish('stream', { name: 'stdout', text: 'x'.repeat(1000) }, msgId, { statement: 0 });
    }
    const { outputs } = run.statements[0];
    expect(outputs.map(each => textOf(each.output).length)).toEqual([KEPT_TEXT]);
    expect(added.map(each => each.isNew).indexOf(true)).toBe(0);
    expect(added.filter(each => each.isNew)).toHaveLength(1);
  });

  test.each([
    ['carries no mark', 'm1', undefined],
    ['is of a request that is not known', 'another', { statement: 0 }],
    ['is of a statement that is not there', 'm1', { statement: 7 }]
  ])('that %s is no statement\'s', async (_, parent, tag) => {
    const { session, run, added, changed } = await running();
    session.publish('stream', { name: 'stdout', text: 'x' }, parent, tag);
    expect(run.statements.flatMap(each => each.outputs)).toEqual([]);
    expect([added, changed]).toEqual([[], []]);
  });
});

test.each(stories())('the golden messages of a %s give the page its runs, their outputs in place', async (_, story) => {
  const { session, feed } = await listening();
  story.news.forEach(({ events, type }) => session.tell(events, type));
  story.outputs.forEach(each => session.publish(each.msg_type, { data: {} }, each.parent, each.rdit));
  expect(knownTo(feed.runs)).toEqual(story.page);
  feed.runs.byCell.forEach(run => {
    const displays = run.statements.filter(each => !each.isEarlier).map(each => each.displays);
    expect(run.statements.filter(each => !each.isEarlier).map(each => each.outputs.length)).toEqual(displays);
  });
});

test('two views of a session share its feed', () => {
  const feeds = new Feeds();
  const [one, other] = [new FakeSession(null), new FakeSession(null)];
  expect(feeds.of(one.context)).toBe(feeds.of(one.context));
  expect(feeds.of(other.context)).not.toBe(feeds.of(one.context));
});
