import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import factory from '../../src/index';
import type { Model } from '../../src/core/host';
import { readTree } from '../../src/core/wire';
import type { WireTree } from '../../src/core/wire';
import { FakeModel, Page } from '../support/flow';
import { node, treeOf } from '../support/flow_trees';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const BUTTON = node('div', 1, {}, [node('button', 2, { on_click: true }, 'Go')]);

describe('revisions', () => {
  test('the first view says ready, the second one does not, and the last one says that it is gone', () => {
    const page = new Page(BUTTON);
    const second = page.show();
    expect(page.model.sent).toEqual([{ kind: 'ready', page: page.name, revision: 1 }]);
    page.first.end();
    expect(page.model.ofKind('gone')).toEqual([]);
    second.end();
    expect(page.model.ofKind('gone')).toEqual([{ kind: 'gone', page: page.name }]);
  });

  test('what is painted is acknowledged, the newest alone', () => {
    const page = new Page(BUTTON);
    page.patch([['text', 2, 'a']]);
    page.patch([['text', 2, 'b']]);
    expect(page.model.ofKind('ack')).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(page.model.ofKind('ack')).toEqual([{ kind: 'ack', page: page.name, revision: 3 }]);
  });

  test('patches that follow each other closely are acknowledged together', () => {
    const page = new Page(BUTTON);
    page.patch([['text', 2, 'a']]);
    vi.advanceTimersByTime(20);
    for (const text of ['b', 'c', 'd']) {
      page.patch([['text', 2, text]]);
      vi.advanceTimersByTime(10);
    }
    expect(page.model.ofKind('ack').map(each => each.revision)).toEqual([2]);
    vi.advanceTimersByTime(60);
    expect(page.model.ofKind('ack').map(each => each.revision)).toEqual([2, 5]);
  });

  test('after a gap the page asks once, passes over what it cannot use, and goes on from the snapshot', () => {
    const page = new Page(BUTTON);
    page.model.hear({ kind: 'seen', seen: {} });
    page.model.sent.length = 0;
    page.revision = 2;
    page.patch([['text', 2, 'lost']]);
    page.patch([['text', 2, 'lost']]);
    expect(page.model.ofKind('ready')).toEqual([{ kind: 'ready', page: page.name, revision: 1 }]);
    expect(page.html).toContain('Go');
    page.snapshot(node('div', 1, {}, [node('button', 2, {}, 'now')]));
    page.patch([['text', 2, 'next']]);
    expect(page.html).toContain('next');
  });

  test('a patch that is known already is passed over', () => {
    const page = new Page(BUTTON);
    page.revision = 0;
    page.patch([['text', 2, 'old']]);
    expect(page.html).toContain('Go');
  });

  test('a patch that cannot be applied leaves the page as it is and asks for the whole of it', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = new Page(BUTTON);
    const button = page.find('button');
    page.patch([['text', 2, 'half'], ['text', 99, 'nobody']]);
    expect(said).toHaveBeenCalledOnce();
    expect(page.find('button')).toBe(button);
    expect(page.model.sent.at(-1)).toMatchObject({ kind: 'ready', revision: -1 });
    page.snapshot(BUTTON);
    expect(page.html).toContain('Go');
    page.patch([['text', 2, 'on']]);
    expect(page.html).toContain('on');
  });

  test('a page whose DOM nodes somebody took away is shown anew', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = new Page(BUTTON);
    page.find('button').remove();
    page.patch([['insert', 1, 2, [node('b', 3)]]]);
    page.snapshot(node('div', 1, {}, [node('b', 3), node('button', 2, {}, 'Go')]));
    expect(page.html).toBe('<div id="flow-1"><b id="flow-3"></b><button id="flow-2">Go</button></div>');
  });

  test('what a notebook saves is brought up to date, and does not come back as news', () => {
    const page = new Page(BUTTON);
    page.patch([['text', 2, 'saved']]);
    vi.advanceTimersByTime(3000);
    const saved = page.model.get('tree') as WireTree;
    expect(saved.revision).toBe(2);
    expect(Array.from(readTree(saved).all(), each => each.text)).toEqual(['', 'saved']);
    page.patch([['text', 2, 'newer']]);
    expect(page.html).toContain('newer');
  });

  test('a newer tree of the model, as the kernel saves it, is shown', () => {
    const page = new Page(BUTTON);
    page.model.set('tree', treeOf(node('p', 1, {}, 'new'), 9));
    expect(page.html).toBe('<p id="flow-1">new</p>');
  });
});

describe('whether the kernel answers', () => {
  const stateOf = (page: Page): string | null => page.first.el.querySelector('.flow-root')?.getAttribute('data-flow-state') ?? null;

  test('packets follow an event, which carry the acknowledgement of the answer, until it is there', () => {
    const page = new Page(BUTTON);
    page.find('button').click();
    vi.advanceTimersByTime(6);
    expect(page.model.sent.slice(1).map(each => each.kind)).toEqual(['event', 'ack', 'ack']);
    page.model.hear({ kind: 'seen', seen: { [page.name]: 1 } });
    vi.advanceTimersByTime(50);
    expect(page.model.ofKind('ack').length).toBe(2);
  });

  test('so many packets follow an event, and none where something was said meanwhile', () => {
    const page = new Page(BUTTON);
    page.find('button').click();
    vi.advanceTimersByTime(2);
    page.find('button').click();
    vi.advanceTimersByTime(1);
    expect(page.model.ofKind('ack')).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(page.model.ofKind('ack').length).toBe(6);
  });

  test.each([
    ['{"appName": "JupyterLab", "sideflowSendsAtOnce": true}', 0],
    ['{"sideflowSendsAtOnce": false}', 6],
    ['{"sideflowSendsAtOnceToo": true}', 6],
    ['', 6]
  ])('none follow where the server holds nothing back: a page that holds %s', (told, packets) => {
    const config = document.head.appendChild(document.createElement('script'));
    Object.assign(config, { id: 'jupyter-config-data', type: 'application/json', textContent: told });
    const page = new Page(BUTTON);
    config.remove();
    page.find('button').click();
    vi.advanceTimersByTime(100);
    expect(page.model.ofKind('ack').length).toBe(packets);
  });

  test('none follow where the host says that nothing is held back', () => {
    const model = Object.assign(new FakeModel(treeOf(BUTTON)), { answersAtOnce: true });
    const el = document.body.appendChild(document.createElement('div'));
    factory().render({ model, el });
    el.querySelector('button')?.click();
    vi.advanceTimersByTime(100);
    expect(model.sent.map(each => each.kind)).toEqual(['ready', 'event']);
  });

  test('a view waits visibly for an answer that takes long, until it comes', () => {
    const page = new Page(BUTTON);
    page.model.hear({ kind: 'seen', seen: {} });
    page.find('button').click();
    vi.advanceTimersByTime(1499);
    expect(stateOf(page)).toBeNull();
    vi.advanceTimersByTime(1);
    expect(stateOf(page)).toBe('waiting');
    expect(page.first.el.textContent).toContain('The kernel is busy');
    page.model.hear({ kind: 'seen', seen: { [page.name]: 1 } });
    expect(stateOf(page)).toBeNull();
  });

  test('a saved page without a kernel is quiet until somebody acts', () => {
    const page = new Page(BUTTON);
    vi.advanceTimersByTime(5000);
    expect(stateOf(page)).toBe('detached');
    expect(page.first.el.textContent).toBe('Go');
    page.find('button').click();
    expect(page.first.el.textContent).toContain('Not connected: run the cell again');
    page.snapshot(BUTTON, 1);
    expect(stateOf(page)).toBeNull();
  });

  test('a link that may have died is asked, and lost when it does not answer', () => {
    const page = new Page(BUTTON);
    page.model.hear({ kind: 'seen', seen: {} });
    page.model.tell('comm_live_update', undefined);
    vi.advanceTimersByTime(1500);
    expect(stateOf(page)).toBe('detached');
  });

  test('a model that can send no more is a lost one, and nothing is thrown', () => {
    const page = new Page(BUTTON);
    page.model.send = () => {
      throw new Error('disposed');
    };
    page.find('button').click();
    expect(stateOf(page)).toBe('detached');
  });
});

describe('hosts', () => {
  test('a host that hands a new model object to each call shows one store', () => {
    const model = new FakeModel(treeOf(BUTTON));
    const proxy = (): Model => ({
      get: name => model.get(name),
      set: (name, value) => model.set(name, value),
      send: (content, callbacks, buffers) => model.send(content, callbacks, buffers),
      on: (name, heard) => model.on(name, heard),
      off: (name, heard) => model.off(name, heard)
    });
    const widget = factory();
    widget.initialize({ model: proxy() });
    widget.render({ model: proxy(), el: document.body });
    widget.render({ model: proxy(), el: document.body });
    expect(model.ofKind('ready')).toHaveLength(1);
  });

  test('a host whose models share one function gets a store for each', () => {
    const [one, two] = [new FakeModel(treeOf(node('b', 1, {}, 'one'))), new FakeModel(treeOf(node('b', 2, {}, 'two')))];
    const widget = factory();
    widget.initialize({ model: one });
    widget.initialize({ model: two });
    widget.render({ model: one, el: document.body });
    expect(document.body.textContent).toBe('one');
  });

  test('a host that ends a view by its signal leaves nothing of it', () => {
    const model = new FakeModel(treeOf(BUTTON));
    const [view, life] = [new AbortController(), new AbortController()];
    const widget = factory();
    widget.initialize({ model, signal: life.signal });
    widget.render({ model, el: document.body, signal: view.signal });
    view.abort();
    life.abort();
    expect([document.body.innerHTML, model.listening]).toEqual(['', 0]);
  });
});
