import { expect, onTestFinished, test } from 'vitest';

import { Announcer } from '../../lab/src/announcer';
import { Runs } from '../../lab/src/runs';
import { Settings } from '../../lab/src/settings';
import { KernelLog } from '../support/kernel_log';

/** An announcer in a page, what it hears, and what the page's region says. */
function announcer(settings = new Settings(null)): { node: HTMLElement; said: () => string | null; hear: (log: KernelLog) => void } {
  const node = document.createElement('div');
  const made = new Announcer(node, settings);
  onTestFinished(() => made.dispose());
  const runs = new Runs();
  let heard = 0;
  const hear = (log: KernelLog) => {
    const events = log.events.slice(heard);
    heard = log.events.length;
    // As a feed does: all that changed is told once, after all of the news.
    new Set(events.map(event => runs.apply(event))).forEach(run => run && made.hear(run));
  };
  return { node, said: () => node.textContent, hear };
}

test('the end of a cell that was seen running is announced, politely', () => {
  const { node, said, hear } = announcer();
  const log = new KernelLog();
  const cell = log.begin('a', 'x').start(0);
  hear(log);
  expect(said()).toBe('');
  cell.finish(0).end();
  hear(log);
  expect(said()).toBe('1 statement finished in 1.00 s');
  const region = node.firstElementChild;
  expect([region?.getAttribute('role'), region?.getAttribute('aria-live')]).toEqual(['status', 'polite']);
});

test('it is announced once, however often the run changes afterwards', () => {
  const { node, said, hear } = announcer();
  const log = new KernelLog();
  const cell = log.begin('a', 'x').start(0);
  hear(log);
  cell.fail(0, 'KeyError: 3');
  hear(log);
  expect(said()).toBe('Statement 1 of 1, line 1, failed: KeyError: 3');
  (node.firstElementChild as HTMLElement).textContent = '';
  cell.tell({ event: 'cell_failed', duration: 1 });
  hear(log);
  expect(said()).toBe('');
});

test('each run of a cell is announced', () => {
  const { said, hear } = announcer();
  const log = new KernelLog();
  hear(log);
  for (const source of ['x', 'x\ny']) {
    const cell = log.begin('a', source).start(0);
    hear(log);
    cell.finish(0).end();
    hear(log);
  }
  expect(said()).toBe('1 statement finished in 2.00 s');
});

test('what ran before the page was loaded is not announced', () => {
  const { said, hear } = announcer();
  const log = new KernelLog();
  log.run('a', 'x');
  hear(log);
  expect(said()).toBe('');
});

test('nothing is announced where the user does not want it', async () => {
  const settings = new Settings(null);
  await settings.set('announce', false);
  const { said, hear } = announcer(settings);
  const log = new KernelLog();
  const cell = log.begin('a', 'x').start(0);
  hear(log);
  cell.finish(0).end();
  hear(log);
  expect(said()).toBe('');
});

test('its region goes with it', () => {
  const node = document.createElement('div');
  const made = new Announcer(node, new Settings(null));
  expect(node.childElementCount).toBe(1);
  made.dispose();
  expect([node.childElementCount, made.isDisposed]).toEqual([0, true]);
});

test('two views of a cell announce it once', () => {
  const [one, two] = [document.createElement('div'), document.createElement('div')];
  const views = [one, two].map(node => new Announcer(node, new Settings(null)));
  onTestFinished(() => views.forEach(view => view.dispose()));
  const runs = new Runs();
  const log = new KernelLog();
  const cell = log.begin('a', 'x').start(0);
  log.events.forEach(event => runs.apply(event));
  views.forEach(view => view.hear(runs.last ?? expect.fail()));
  cell.finish(0).end();
  log.events.forEach(event => runs.apply(event));
  views.forEach(view => view.hear(runs.last ?? expect.fail()));
  expect([one.textContent, two.textContent]).toEqual(['1 statement finished in 1.00 s', '']);
});

test('the same words are said again for another run', () => {
  const { said, hear } = announcer();
  const log = new KernelLog();
  const told = ['a', 'b'].map(cellId => {
    const cell = log.begin(cellId, 'x').start(0);
    hear(log);
    cell.finish(0).tell({ event: 'cell_finished', duration: 1 });
    hear(log);
    return said();
  });
  expect(told[1]?.trim()).toBe(told[0]);
  expect(told[1]).not.toBe(told[0]);
});
