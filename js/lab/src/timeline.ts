/** The panel that shows when each statement of the last cell ran: a list to read, to walk through and to go by. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { chart, type IChart, type IRow } from './chart';
import { OURS, type Front } from './front';
import { DEFAULTS } from './options';
import { Pace } from './pace';
import type { CellRun } from './runs';
import { duration, SIGNS, spoken } from './words';

/** Percent: a bar is never so short that it cannot be seen. */
const SHORTEST = 0.3;

export class Timeline extends Widget {
  constructor(
    private readonly front: Front,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass(OURS);
    this.node.tabIndex = -1;
    this.list.className = 'sf-timeline-rows';
    this.list.setAttribute('role', 'listbox');
    this.list.tabIndex = 0;
    this.node.append(this.empty, this.head, this.list, this.rest);
    this.empty.className = 'sf-timeline-empty';
    this.head.className = 'sf-timeline-head';
    this.head.append(this.heading, this.axis);
    this.heading.className = 'sf-timeline-heading';
    this.axis.className = 'sf-timeline-axis';
    this.axis.setAttribute('aria-hidden', 'true');
    this.axis.append('0', this.end);
    this.rest.className = 'sf-timeline-rest';
    this.list.addEventListener('click', event => this.click(event));
    this.list.addEventListener('keydown', event => this.press(event));
    this.list.addEventListener('focus', () => this.select(this.selected ?? this.order[0], false));
    front.changed.connect(this.ask, this);
    this.draw();
  }

  override dispose(): void {
    this.pace.dispose();
    this.front.changed.disconnect(this.ask, this);
    super.dispose();
  }

  protected override onAfterShow(): void {
    this.ask();
  }

  protected override onActivateRequest(): void {
    (this.run ? this.list : this.node).focus();
  }

  private ask(): void {
    this.pace.ask(this.front.run?.state === 'running');
  }

  private draw(): void {
    if (this.isAttached && !this.isVisible) {
      return;
    }
    const { run } = this.front;
    if (run !== this.run) {
      this.run = run;
      this.select(undefined, false);
      this.list.replaceChildren();
      this.rows.clear();
      this.order = [];
    }
    this.node.classList.toggle('sf-mod-empty', !run);
    if (!run) {
      this.empty.textContent = this.whyEmpty();
      return;
    }
    if (document.activeElement === this.node) {
      this.list.focus();
    }
    const drawn = chart(run, performance.now(), this.trans);
    this.drawHead(drawn);
    this.drawRows(run, drawn.rows);
    this.rest.textContent = drawn.rest;
    if (run.state === 'running') {
      this.ask();
    }
  }

  private drawHead({ title, total }: IChart): void {
    const name = this.front.feed?.context.name ?? '';
    this.heading.textContent = `${name} ${title}`;
    this.end.textContent = duration(total);
    this.list.setAttribute('aria-label', this.trans.__('Timeline of %1', `${name} ${title}`));
  }

  private drawRows(run: CellRun, rows: IRow[]): void {
    const isAtEnd = this.node.scrollTop + this.node.clientHeight >= this.node.scrollHeight - 2;
    const isLonger = rows.length > this.order.length;
    const before = this.rows;
    this.rows = new Map();
    this.order = rows.map(({ statement }) => statement.index);
    let place = this.list.firstElementChild;
    for (const row of rows) {
      const { index } = row.statement;
      const drawn = before.get(index) ?? new Row(`${this.id}-${index}`, index);
      before.delete(index);
      this.rows.set(index, drawn);
      drawn.draw(row);
      if (drawn.node === place) {
        place = place.nextElementSibling;
      } else {
        this.list.insertBefore(drawn.node, place);
      }
    }
    before.forEach(({ node }) => node.remove());
    // Who reads along at the end goes on reading there.
    if (run.state === 'running' && isLonger && isAtEnd) {
      this.node.scrollTop = this.node.scrollHeight;
    }
  }

  private whyEmpty(): string {
    return this.front.feed
      ? this.trans.__('No cell has run yet. Run one, and this shows when each of its statements began and how long it took.')
      : this.trans.__('This shows when each statement of the last cell ran, for notebooks and scripts with an rdit kernel.');
  }

  private click(event: MouseEvent): void {
    const node = (event.target as Element).closest<HTMLElement>('.sf-timeline-row');
    if (node) {
      this.select(Number(node.dataset.index), false);
      this.go();
    }
  }

  private press(event: KeyboardEvent): void {
    const { order } = this;
    const at = this.selected === undefined ? -1 : order.indexOf(this.selected);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: order.length - 1
    };
    if (event.key === 'Enter' || event.key === ' ') {
      this.go();
    } else if (event.key in steps) {
      this.select(order[Math.min(Math.max(steps[event.key], 0), order.length - 1)], true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private select(index: number | undefined, isScrolling: boolean): void {
    this.rows.get(this.selected ?? -1)?.select(false);
    this.selected = index;
    const row = this.rows.get(index ?? -1);
    row?.select(true);
    if (row) {
      this.list.setAttribute('aria-activedescendant', row.node.id);
    } else {
      this.list.removeAttribute('aria-activedescendant');
    }
    if (isScrolling) {
      row?.node.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Go to the selected statement. */
  private go(): void {
    const statement = this.run?.statements[this.selected ?? -1];
    if (this.run && statement) {
      void this.front.reveal(this.run, statement, 'code');
    }
  }

  private readonly empty = document.createElement('p');
  private readonly head = document.createElement('div');
  private readonly heading = document.createElement('div');
  private readonly axis = document.createElement('div');
  private readonly end = document.createElement('span');
  private readonly list = document.createElement('div');
  private readonly rest = document.createElement('div');
  private readonly pace = new Pace(() => this.draw());
  private run?: CellRun;
  private rows = new Map<number, Row>();
  private order: number[] = [];
  private selected?: number;
}

/** One statement: its sign, lines, time, bar and text. What has not changed is not written again. */
class Row {
  readonly node = document.createElement('div');

  constructor(id: string, index: number) {
    this.node.id = id;
    this.node.dataset.index = String(index);
    this.node.setAttribute('role', 'option');
    this.node.setAttribute('aria-selected', 'false');
    const lane = part('sf-timeline-lane', 'span');
    lane.append(this.bar);
    this.node.append(this.sign, this.lines, this.time, lane, this.text);
  }

  draw({ statement, text, lines, seconds, start, length }: IRow): void {
    const left = Math.min(start * 100, 100 - SHORTEST);
    this.bar.style.left = `${left.toFixed(2)}%`;
    this.bar.style.width = `${Math.max(length * 100, SHORTEST).toFixed(2)}%`;
    const { state, error = '' } = statement;
    const key = `${state} ${seconds} ${error}`;
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    this.node.className = `sf-timeline-row sf-${state}`;
    this.node.title = error ? `${text}\n${error}` : text;
    this.node.setAttribute('aria-label', `${lines}: ${text}. ${spoken(statement, DEFAULTS, false)}`);
    this.sign.textContent = SIGNS[state];
    this.lines.textContent = lines;
    this.time.textContent = state === 'lost' ? '' : duration(seconds);
    this.text.replaceChildren(text);
    if (error) {
      const told = part('sf-timeline-error', 'span');
      told.textContent = error;
      this.text.append(told);
    }
  }

  select(isSelected: boolean): void {
    this.node.setAttribute('aria-selected', String(isSelected));
  }

  private readonly sign = part('sf-sign', 'span');
  private readonly lines = part('sf-timeline-lines', 'span');
  private readonly time = part('sf-timeline-time', 'span');
  private readonly bar = part('sf-timeline-bar', 'span');
  private readonly text = part('sf-timeline-text', 'code');
  private drawn?: string;
}

function part(name: string, tag: 'span' | 'code'): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  element.setAttribute('aria-hidden', 'true');
  return element;
}
