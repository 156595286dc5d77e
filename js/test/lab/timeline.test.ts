import '../support/drag_event';

import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import type { Front } from '../../lab/src/front';
import { Runs } from '../../lab/src/runs';
import { Timeline } from '../../lab/src/timeline';
import { KernelLog } from '../support/kernel_log';

// jsdom lays nothing out, so it has no scrollIntoView.
const scrolled = vi.fn();
Element.prototype.scrollIntoView = scrolled;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A document in front, of which the kernel tells a log. */
class FakeFront {
  readonly log = new KernelLog();
  readonly runs = new Runs();
  readonly changed = new Signal<this, void>(this);
  readonly reveal = vi.fn(async () => true);
  feed: object | undefined = { context: { name: 'a.ipynb' } };
  private heard = 0;

  get run() {
    return this.runs.last;
  }

  /** Let the page hear what the log has got since. */
  tell(): void {
    for (const event of this.log.events.slice(this.heard)) {
      this.runs.apply(event);
    }
    this.heard = this.log.events.length;
    this.changed.emit();
    vi.advanceTimersByTime(100);
  }
}

function open(front: FakeFront): Timeline {
  const timeline = new Timeline(front as unknown as Front, nullTranslator.load(''));
  timeline.id = 'timeline';
  Widget.attach(timeline, document.body);
  MessageLoop.flush();
  onTestFinished(() => timeline.dispose());
  return timeline;
}

function rows({ node }: Timeline): HTMLElement[] {
  return Array.from(node.querySelectorAll<HTMLElement>('[role=option]'));
}

function texts(timeline: Timeline): string[] {
  return rows(timeline).map(row => Array.from(row.children, part => part.textContent).filter(Boolean).join(' '));
}

function press(timeline: Timeline, ...keys: string[]): void {
  const list = timeline.node.querySelector('[role=listbox]') as HTMLElement;
  keys.forEach(key => list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
}

function selected(timeline: Timeline): string[] {
  return rows(timeline)
    .filter(row => row.getAttribute('aria-selected') === 'true')
    .map(row => row.dataset.index ?? '');
}

describe('the timeline', () => {
  test('says what it is for where it has nothing to show', () => {
    const front = new FakeFront();
    expect(open(front).node.textContent).toContain('No cell has run yet');
    front.feed = undefined;
    expect(open(front).node.textContent).toContain('with an rdit kernel');
  });

  test('has a row for each statement that ran, with an error behind its text', () => {
    const front = new FakeFront();
    front.log.begin('a', 'a\nb\nc').start(0).finish(0).start(1).fail(1, 'ValueError: no');
    const timeline = open(front);
    front.tell();
    expect(texts(timeline)).toEqual(['✓ 1 500 ms a', '✗ 2 500 ms bValueError: no']);
    expect(rows(timeline)[1].getAttribute('aria-label')).toBe('2: b. Failed after 500 ms: ValueError: no');
  });

  test('counts on while a statement runs, without any news', () => {
    const front = new FakeFront();
    front.log.begin('a', 'a').start(0);
    const timeline = open(front);
    front.tell();
    vi.advanceTimersByTime(2000);
    const counted = Number.parseFloat(timeline.node.querySelector('.sf-timeline-time')?.textContent ?? '');
    expect(counted).toBeGreaterThan(1.8);
    expect(counted).toBeLessThan(2.3);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('rests when the cell has ended', () => {
    const front = new FakeFront();
    front.log.run('a', 'a');
    open(front);
    front.tell();
    vi.advanceTimersByTime(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('keeps its rows and what is selected while the cell goes on, and begins anew with the next', () => {
    const front = new FakeFront();
    const cell = front.log.begin('a', 'a\nb').start(0);
    const timeline = open(front);
    front.tell();
    const [first] = rows(timeline);
    press(timeline, 'ArrowDown');
    cell.finish(0).start(1);
    front.tell();
    expect(rows(timeline)[0]).toBe(first);
    expect(rows(timeline)).toHaveLength(2);
    expect(selected(timeline)).toEqual(['0']);
    front.log.begin('b', 'c').start(0);
    front.tell();
    expect(texts(timeline).map(text => text.at(-1))).toEqual(['c']);
    expect(selected(timeline)).toEqual([]);
  });

  test('draws two hundred of a thousand statements, in their order', () => {
    const front = new FakeFront();
    const source = Array.from({ length: 1000 }, (_, k) => `f(${k})`).join('\n');
    front.log.run('a', source, {}, index => ({ duration: index % 5 ? 0.001 : 0.002 }));
    const timeline = open(front);
    front.tell();
    const drawn = rows(timeline).map(row => Number(row.dataset.index));
    expect(drawn).toHaveLength(200);
    expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
    expect(timeline.node.textContent).toContain('and 800 quicker statements');
  });

  test('puts a row that becomes slow among its neighbours', () => {
    const front = new FakeFront();
    const cell = front.log.begin('a', Array.from({ length: 300 }, (_, k) => `f(${k})`).join('\n'));
    for (let k = 0; k < 299; k++) {
      cell.start(k).finish(k, { duration: k < 50 ? 0.001 : 0.002 });
    }
    const timeline = open(front);
    front.tell();
    Object.assign(front.run?.statements[10] ?? {}, { duration: 5 });
    front.tell();
    expect(rows(timeline)[0].dataset.index).toBe('10');
    expect(rows(timeline)).toHaveLength(200);
  });
});

describe('a row', () => {
  test('that is clicked shows its statement', () => {
    const front = new FakeFront();
    front.log.run('a', 'a\nb');
    const timeline = open(front);
    front.tell();
    rows(timeline)[1].querySelector('code')?.click();
    expect(front.reveal.mock.calls).toEqual([[front.run, front.run?.statements[1], 'code']]);
  });

  test('is found and opened by the keyboard alone', () => {
    const front = new FakeFront();
    front.log.run('a', 'a\nb\nc');
    const timeline = open(front);
    front.tell();
    scrolled.mockClear();
    const at: string[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowUp', 'PageDown']) {
      press(timeline, key);
      at.push(...selected(timeline));
    }
    expect(at).toEqual(['0', '1', '2', '2', '1', '0', '0', '2']);
    expect(timeline.node.querySelector('[role=listbox]')?.getAttribute('aria-activedescendant')).toBe('timeline-2');
    expect(scrolled).toHaveBeenCalledTimes(8);
    press(timeline, 'Enter');
    expect(front.reveal.mock.calls).toEqual([[front.run, front.run?.statements[2], 'code']]);
  });
});
