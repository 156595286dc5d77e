/**
 * One mark as a DOM element, of a statement that runs, or where a line's own words will not do (drawing.ts).
 *
 * It is a single element, whose words the style sheet draws from its attributes as one text. The editor reads the DOM to
 * learn what a browser did to it: text that was a mark's, where all is selected and typed over, would come out as code.
 */
import { WidgetType, type Rect } from '@codemirror/view';

import type { IMarkHandlers } from './mark_field';
import type { IOptions } from './options';
import type { CellRun, IStatementRun } from './runs';
import { elapsed, SIGNS, spoken, words } from './words';

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
    this.words = words(statement, options);
  }

  override eq(other: MarkWidget): boolean {
    return (
      this.statement === other.statement &&
      this.state === other.state &&
      this.words === other.words &&
      this.isGrey === other.isGrey &&
      this.run === other.run
    );
  }

  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = `sf-mark sf-box sf-${this.state}${this.isGrey ? ' sf-stale' : ''}`;
    mark.setAttribute('role', 'note');
    mark.setAttribute('aria-label', spoken(this.statement, this.options, this.isGrey));
    mark.dataset.sign = SIGNS[this.state];
    mark.dataset.words = this.words;
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
    while (code instanceof HTMLElement && code.matches('.sf-box, .cm-widgetBuffer')) {
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
  private readonly words: string;
}
