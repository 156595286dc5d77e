/**
 * The marks in one CodeMirror editor: behind each statement its state, time and result, at the left edge a strip. An
 * editor that never showed a mark carries nothing of this.
 */
import { StateEffect, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { watchColumns } from './columns';
import { fitMarks } from './fit';
import { field, handlers, linesOf, redraw, type IMarkHandlers } from './mark_field';
import type { IOptions } from './options';
import { pointing } from './pointing';
import type { CellRun, IStatementRun } from './runs';

/** Show a cell's run in its editor, or with undefined nothing. */
export function show(view: EditorView, run: CellRun | undefined, options: IOptions, answer: IMarkHandlers): void {
  const effects: StateEffect<unknown>[] = [redraw.of({ run, options })];
  if (!view.state.field(field, false)) {
    if (!run) {
      return;
    }
    effects.unshift(StateEffect.appendConfig.of(extension(answer)));
  }
  view.dispatch({ effects });
}

/** Put the cursor at the start of a statement, and scroll it into view. */
export function goTo(view: EditorView, statement: IStatementRun): void {
  const line = linesOf(view.state, statement)?.first ?? Math.min(statement.lineStart, view.state.doc.lines);
  view.dispatch({ selection: { anchor: view.state.doc.line(line).from }, scrollIntoView: true });
  view.focus();
}

function extension(answer: IMarkHandlers): Extension {
  return [handlers.of(answer), field, watchColumns, fitMarks, pointing, EditorView.contentAttributes.of({ class: 'sf-marked' })];
}
