/**
 * Pointing at the words that a line shows behind its code. To the page they are the line itself, so where they stand is
 * computed, in letters.
 */
import { ViewPlugin, type EditorView, type PluginValue } from '@codemirror/view';

import { columnsOf, GAP, SIZE } from './columns';
import { handlers, lineWords, linesOf, statementAt, type IShownMark } from './mark_field';
import type { CellRun, IStatementRun } from './runs';

/** A statement's words behind its last line. */
export class LineWords implements IShownMark {
  constructor(
    private readonly view: EditorView,
    readonly statement: IStatementRun
  ) {}

  get isConnected(): boolean {
    return this.view.dom.isConnected && lineWords(this.view.state, this.statement) !== undefined;
  }

  getBoundingClientRect(): DOMRect {
    const words = lineWords(this.view.state, this.statement);
    const code = words && this.view.coordsAtPos(words.end, -1);
    if (!code) {
      return new DOMRect();
    }
    const letter = SIZE * this.view.defaultCharacterWidth;
    return new DOMRect(code.right + GAP * letter, code.top, letter * columnsOf(words.text, 1), code.bottom - code.top);
  }

  has({ clientX }: MouseEvent): boolean {
    const { left, right } = this.getBoundingClientRect();
    return left <= clientX && clientX < right;
  }
}

/** Where a statement's mark is seen; where marks are hidden, its line. */
export function shownMark(view: EditorView, statement: IStatementRun): IShownMark {
  const { doc, selection } = view.state;
  const last = linesOf(view.state, statement)?.last;
  const { node } = view.domAtPos(last ? doc.line(last).to : selection.main.head);
  const element = node instanceof HTMLElement ? node : node.parentElement;
  const line = element?.closest<HTMLElement>('.cm-line');
  const boxes = line?.querySelectorAll<HTMLElement>('.sf-box');
  const words = new LineWords(view, statement);
  return boxes?.[boxes.length - 1] ?? (words.isConnected ? words : (line ?? view.contentDOM));
}

class Pointing implements PluginValue {
  constructor(private readonly view: EditorView) {}

  update(): void {
    if (this.words?.isConnected === false) {
      this.leave();
    }
  }

  destroy(): void {
    this.leave();
  }

  move(event: MouseEvent): void {
    const found = this.find(event);
    if (found?.words.statement === this.words?.statement) {
      return;
    }
    this.leave();
    if (found) {
      this.words = found.words;
      this.view.state.facet(handlers)?.enter(found.run, found.words.statement, found.words);
    }
  }

  leave(): void {
    const { words } = this;
    this.words = undefined;
    if (words) {
      this.view.state.facet(handlers)?.leave(words);
    }
  }

  /** Returns whether it was the words that were pressed: the editor has the focus then, and its cursor stays. */
  press(event: MouseEvent): boolean {
    const found = this.find(event);
    if (found) {
      this.view.focus();
    }
    return found !== undefined;
  }

  /** Returns whether it was the words that were clicked. */
  click(event: MouseEvent): boolean {
    const found = this.find(event);
    if (found) {
      this.view.state.facet(handlers)?.click(found.run, found.words.statement, found.words);
    }
    return found !== undefined;
  }

  private find(event: MouseEvent): { run: CellRun; words: LineWords } | undefined {
    const { target } = event;
    if (!(target instanceof HTMLElement && target.matches('.cm-line.sf-mark'))) {
      return undefined;
    }
    const found = statementAt(this.view.state, this.view.posAtDOM(target));
    const words = found && new LineWords(this.view, found.statement);
    return words?.has(event) ? { run: found!.run, words } : undefined;
  }

  private words?: LineWords;
}

export const pointing = ViewPlugin.fromClass(Pointing, {
  eventHandlers: {
    mousemove(event) {
      this.move(event);
    },
    mouseleave() {
      this.leave();
    },
    mousedown(event) {
      return this.press(event);
    },
    click(event) {
      return this.click(event);
    }
  }
});
