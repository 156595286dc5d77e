/**
 * The marks of one editor, in its state, so that edits move them as they move everything else. A mark is stale when its
 * lines no longer read as they ran.
 */
import {
  Facet,
  StateEffect,
  StateField,
  type ChangeSet,
  type EditorState,
  type Text,
  type Transaction
} from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

import { columnsChanged, usualColumns } from './columns';
import { canBeInLine, drawn, type IMark } from './drawing';
import { DEFAULTS, type IOptions } from './options';
import { place } from './placing';
import type { CellRun, IStatementRun } from './runs';
import { words } from './words';

/** A mark as the page shows it: an element, or the words of a line. */
export type IShownMark = Pick<HTMLElement, 'getBoundingClientRect' | 'isConnected'>;

/** What a mark does when it is pointed at or clicked. */
export interface IMarkHandlers {
  enter(run: CellRun, statement: IStatementRun, mark: IShownMark): void;
  leave(mark: IShownMark): void;
  click(run: CellRun, statement: IStatementRun, mark: IShownMark): void;
}

interface IMarks {
  run: CellRun | undefined;
  marks: readonly IMark[];
  options: IOptions;
  /** Letters that stand side by side in the editor. */
  columns: number;
  decorations: DecorationSet;
}

/** Who is told of what is done to the editor's marks. */
export const handlers = Facet.define<IMarkHandlers, IMarkHandlers | undefined>({ combine: ([first]) => first });
/** Another run is shown, or the same one is another now, or looks otherwise. */
export const redraw = StateEffect.define<{ run: CellRun | undefined; options: IOptions }>();

export const field = StateField.define<IMarks>({
  create: () => ({ run: undefined, marks: [], options: DEFAULTS, columns: usualColumns(), decorations: Decoration.none }),
  update: (value, transaction) => {
    const { state, changes, docChanged } = transaction;
    let { run, options, columns, marks, decorations } = value;
    let isChanged = false;
    if (docChanged && run) {
      marks = returned(moved(marks, transaction), run, transaction);
      isChanged = !looksTheSame(value, marks, transaction);
      decorations = isChanged ? decorations : decorations.map(changes);
    }
    for (const effect of transaction.effects) {
      if (effect.is(redraw)) {
        const { doc } = state;
        marks = effect.value.run === run ? renewed(marks, run, doc) : placed(effect.value.run, doc);
        ({ run, options } = effect.value);
        isChanged = true;
      } else if (effect.is(columnsChanged)) {
        columns = effect.value;
        isChanged = true;
      }
    }
    const answer = state.facet(handlers);
    if (isChanged && answer) {
      marks = marks.map((mark, k) => ({ ...mark, isInLine: canBeInLine(marks, k, options, columns, state) }));
      decorations = run ? drawn(run, marks, options, state, answer) : Decoration.none;
    }
    return isChanged || docChanged ? { run, marks, options, columns, decorations } : value;
  },
  provide: self => EditorView.decorations.from(self, value => value.decorations)
});

/** The statement whose mark stands on the line of a position, the last one where there are several. */
export function statementAt(state: EditorState, position: number): { run: CellRun; statement: IStatementRun } | undefined {
  const value = state.field(field, false);
  if (!value?.run) {
    return undefined;
  }
  // A mark's own ends are not its lines': what was typed before and behind it is not part of it.
  const line = state.doc.lineAt(position);
  const found = value.marks.filter(mark => mark.from <= line.to && line.from <= mark.to).pop();
  return found && { run: value.run, statement: found.statement };
}

/** The lines, counted from 1, on which a statement stands now. */
export function linesOf(state: EditorState, statement: IStatementRun): { first: number; last: number } | undefined {
  const mark = state.field(field, false)?.marks.find(each => each.statement.index === statement.index);
  return mark && { first: state.doc.lineAt(mark.from).number, last: state.doc.lineAt(mark.to).number };
}

/** What the last line of a statement shows behind its code, which ends at `end`; nothing where it is an element. */
export function lineWords(state: EditorState, statement: IStatementRun): { text: string; end: number } | undefined {
  const { marks, options } = state.field(field, false) ?? { marks: [] };
  const mark = options?.inlineResults && marks.find(each => each.statement === statement && each.isInLine);
  return mark ? { text: words(statement, options), end: state.doc.lineAt(mark.to).to } : undefined;
}

/** Marks for a run that is new to the editor. */
function placed(run: CellRun | undefined, doc: Text): IMark[] {
  if (!run) {
    return [];
  }
  const places = place(run.statements, run.source, doc.toString());
  const marks: IMark[] = [];
  places.forEach((lines, index) => {
    if (lines) {
      const from = doc.line(lines.lineStart).from;
      const to = doc.line(lines.lineEnd).to;
      const statement = run.statements[index];
      const text = run.textOf(statement) ?? doc.sliceString(from, to);
      marks.push({ from, to, statement, text, isStale: false, isInLine: false });
    }
  });
  return marks;
}

/** The same marks with what is known of their statements now: a run may put another object in a statement's place. */
function renewed(marks: readonly IMark[], run: CellRun | undefined, doc: Text): IMark[] {
  if (!run || !marks.length) {
    return placed(run, doc);
  }
  return marks.map(mark => ({ ...mark, statement: run.statements[mark.statement.index] ?? mark.statement }));
}

function moved(marks: readonly IMark[], { changes, newDoc }: Transaction): IMark[] {
  const kept: IMark[] = [];
  for (const mark of marks) {
    const from = changes.mapPos(mark.from, 1);
    const to = changes.mapPos(mark.to, -1);
    if (from <= to && !(from === to && mark.from < mark.to)) {
      const isTouched = changes.touchesRange(mark.from, mark.to) !== false;
      kept.push({ ...mark, from, to, isStale: isTouched ? isStale(mark, from, to, newDoc) : mark.isStale });
    }
  }
  return kept;
}

/** With the marks of lines that came back: by undoing, by moving them, by a formatter that writes all of it anew. */
function returned(marks: IMark[], run: CellRun, { changes, newDoc }: Transaction): IMark[] {
  if (marks.length === run.statements.length || !bringsLines(changes)) {
    return marks;
  }
  const there = new Set(marks.map(mark => mark.statement.index));
  const back = placed(run, newDoc).filter(mark => !there.has(mark.statement.index));
  return back.length ? [...marks, ...back].sort((a, b) => a.from - b.from || a.statement.index - b.statement.index) : marks;
}

/** Whether an edit within lines left every mark as it was: then nothing is drawn anew. */
function looksTheSame(
  { marks: before, options, columns }: IMarks,
  now: readonly IMark[],
  { startState, state, changes }: Transaction
): boolean {
  let isSame =
    startState.doc.lines === state.doc.lines &&
    before.length === now.length &&
    before.every((mark, k) => mark.statement === now[k].statement && mark.isStale === now[k].isStale);
  changes.iterChangedRanges((_fromA, _toA, _fromB, toB) => {
    const line = state.doc.lineAt(toB);
    now.forEach(({ to, isInLine }, k) => {
      isSame &&= to < line.from || line.to < to || isInLine === canBeInLine(now, k, options, columns, state);
    });
  });
  return isSame;
}

function bringsLines(changes: ChangeSet): boolean {
  let lines = 0;
  changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => (lines += inserted.lines - 1));
  return lines > 0;
}

function isStale(mark: IMark, from: number, to: number, doc: Text): boolean {
  return doc.sliceString(doc.lineAt(from).from, doc.lineAt(to).to) !== mark.text;
}
