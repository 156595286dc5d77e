/**
 * How marks are drawn: as words that their line itself shows behind its code, or as elements.
 *
 * The browser goes through all boxes in view at each key and each step of the wheel. A text of the line's own costs it a
 * tenth of what an element in the line does, and the editor nothing. So is shown what is over, has its last line to
 * itself and certainly fits. The others have an element: what turns, stands beside another, or may have to be cut.
 */
import type { EditorState, Range } from '@codemirror/state';
import { Decoration, type DecorationSet } from '@codemirror/view';

import { columnsOf, GAP, SIZE } from './columns';
import { MarkWidget } from './mark_widget';
import type { IMarkHandlers } from './mark_field';
import type { IOptions } from './options';
import type { CellRun, IStatementRun } from './runs';
import { spoken, words } from './words';

/** One statement's mark. `from` is the start of its first line, `to` the end of its last. */
export interface IMark {
  from: number;
  to: number;
  statement: IStatementRun;
  /** Its lines as they ran. */
  text: string;
  isStale: boolean;
  /** Its last line shows it, not an element. */
  isInLine: boolean;
}

/** Whether the last line of a mark can show it, in an editor of so many columns. */
export function canBeInLine(
  marks: readonly IMark[],
  index: number,
  options: IOptions,
  columns: number,
  { doc, tabSize }: EditorState
): boolean {
  const { to, statement } = marks[index];
  const line = doc.lineAt(to);
  const isAlone = !(marks[index - 1]?.to >= line.from) && !(marks[index + 1]?.from <= line.to);
  if (!isAlone || statement.state === 'running') {
    return false;
  }
  return columnsOf(line.text, tabSize) + SIZE * (GAP + columnsOf(words(statement, options), tabSize)) <= columns;
}

/** All marks of a run, with the strip at the left edge. */
export function drawn(
  run: CellRun,
  marks: readonly IMark[],
  options: IOptions,
  { doc }: EditorState,
  answer: IMarkHandlers
): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { from, to, statement, isStale, isInLine } of marks) {
    const isGrey = isStale || run.isOld;
    const look = `sf-${statement.state}${isGrey ? ' sf-stale' : ''}`;
    const isShown = options.inlineResults && statement.state !== 'waiting';
    const last = doc.lineAt(to);
    if (options.strip) {
      const strip = Decoration.line({ class: `sf-strip ${look}` });
      for (let at = from; at <= to; at = doc.lineAt(at).to + 1) {
        ranges.push(strip.range(doc.lineAt(at).from));
      }
    }
    if (isShown && isInLine) {
      const said = { 'data-words': words(statement, options), 'data-spoken': spoken(statement, options, isGrey) };
      ranges.push(Decoration.line({ class: `sf-mark ${look}`, attributes: said }).range(last.from));
    } else if (isShown) {
      const widget = new MarkWidget(run, statement, options, isGrey, answer);
      ranges.push(Decoration.widget({ widget, side: 1 }).range(last.to));
    }
  }
  return Decoration.set(ranges, true);
}
