/**
 * One mark as a DOM element: a sign, the time, the result.
 *
 * It is a single element, whose words the style sheet draws from its attributes as one text. The browser goes through
 * all boxes in view at each key and each step of the wheel, so a thousand marks of seven nodes each were felt. And the
 * editor reads the DOM to learn what a browser did to it: text that was a mark's, where all is selected and typed over,
 * would come out as code.
 */
import { WidgetType, type Rect } from '@codemirror/view';

import type { IMarkHandlers } from './marks';
import type { IOptions } from './options';
import type { CellRun, IStatementRun } from './runs';
import { elapsed, result, SIGNS, spoken, time } from './words';

/** A statement that has been running for so many milliseconds shows how long. */
const SHOWS_ELAPSED = 500;

export class MarkWidget extends WidgetType {
  constructor(
    private readonly run: CellRun,
    private readonly statement: IStatementRun,
    private readonly options: IOptions,
    private readonly isGrey: boolean,
    private readonly answer: IMarkHandlers
  ) {
    super();
    // The statement goes on changing: what is drawn is what it was when the mark was made.
    this.state = statement.state;
    this.time = statement.state === 'running' ? '' : time(statement, options);
    this.result = statement.state === 'running' ? '' : result(statement, options);
  }

  override eq(other: MarkWidget): boolean {
    return (
      this.statement === other.statement &&
      this.state === other.state &&
      this.time === other.time &&
      this.result === other.result &&
      this.isGrey === other.isGrey &&
      this.run === other.run
    );
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = `sf-mark sf-${this.state}${this.isGrey ? ' sf-stale' : ''}`;
    mark.setAttribute('role', 'note');
    mark.setAttribute('aria-label', spoken(this.statement, this.options, this.isGrey));
    mark.dataset.sign = SIGNS[this.state];
    mark.dataset.words = [SIGNS[this.state], this.time, this.result].filter(Boolean).join('  ');
    mark.addEventListener('mouseenter', () => this.answer.enter(this.run, this.statement, mark));
    mark.addEventListener('mouseleave', () => this.answer.leave(mark));
    mark.addEventListener('click', () => this.answer.click(this.run, this.statement, mark));
    if (this.state === 'running') {
      this.tick(mark);
    }
    return mark;
  }

  override destroy(mark: HTMLElement): void {
    window.clearInterval(Number(mark.dataset.timer));
    this.answer.leave(mark);
  }

  /** The cursor at the end of the line is drawn where the code ends, not where the mark begins. */
  override coordsAt(mark: HTMLElement): Rect | null {
    let code = mark.previousSibling;
    while (code instanceof HTMLElement && code.matches('.sf-mark, .cm-widgetBuffer')) {
      code = code.previousSibling;
    }
    const range = document.createRange();
    range.selectNodeContents(code ?? mark);
    const end = Array.from(range.getClientRects()).pop();
    return end ? { left: end.right, right: end.right, top: end.top, bottom: end.bottom } : null;
  }

  /** CodeMirror is to leave these alone: a click on a mark does not move the cursor. */
  override ignoreEvent(event: Event): boolean {
    return /^(mouse|click|pointer)/.test(event.type);
  }

  private tick(mark: HTMLElement): void {
    const write = () => {
      const now = performance.now();
      if (now - this.statement.heardAt >= SHOWS_ELAPSED) {
        mark.dataset.words = elapsed(this.statement, now);
      }
    };
    write();
    mark.dataset.timer = String(window.setInterval(write, 100));
  }

  private readonly state: IStatementRun['state'];
  private readonly time: string;
  private readonly result: string;
}
