/**
 * The marks in one CodeMirror editor: behind each statement its state, time and result, at the left edge a strip.
 *
 * Marks live in the editor's own state, so that edits move them as they move everything else; a mark is stale when its
 * lines no longer read as they ran. An editor that never showed a mark carries nothing of this.
 */
import {
  Facet,
  StateEffect,
  StateField,
  type ChangeSet,
  type EditorState,
  type Extension,
  type Range,
  type Text,
  type Transaction
} from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

import { MarkWidget } from './mark_widget';
import { fitMarks } from './fit';
import { DEFAULTS, type IOptions } from './options';
import { place } from './placing';
import type { CellRun, IStatementRun } from './runs';

/** What a mark does when it is pointed at or clicked. */
export interface IMarkHandlers {
  enter(run: CellRun, statement: IStatementRun, mark: HTMLElement): void;
  leave(mark: HTMLElement): void;
  click(run: CellRun, statement: IStatementRun, mark: HTMLElement): void;
}

/** One statement's mark. `from` is the start of its first line, `to` the end of its last. */
interface IMark {
  from: number;
  to: number;
  statement: IStatementRun;
  /** Its lines as they ran. */
  text: string;
  isStale: boolean;
}

interface IMarks {
  run: CellRun | undefined;
  marks: readonly IMark[];
  options: IOptions;
  decorations: DecorationSet;
}

const handlers = Facet.define<IMarkHandlers, IMarkHandlers | undefined>({ combine: ([first]) => first });
const redraw = StateEffect.define<{ run: CellRun | undefined; options: IOptions }>();

const field = StateField.define<IMarks>({
  create: () => ({ run: undefined, marks: [], options: DEFAULTS, decorations: Decoration.none }),
  update: (value, transaction) => {
    let { run, options, marks, decorations } = value;
    let isChanged = false;
    if (transaction.docChanged && run) {
      marks = returned(moved(marks, transaction), run, transaction);
      isChanged = !looksTheSame(value.marks, marks, transaction);
      decorations = isChanged ? decorations : decorations.map(transaction.changes);
    }
    for (const effect of transaction.effects) {
      if (effect.is(redraw)) {
        marks = effect.value.run === run ? renewed(marks, run, transaction.newDoc) : placed(effect.value.run, transaction.newDoc);
        ({ run, options } = effect.value);
        isChanged = true;
      }
    }
    if (isChanged) {
      decorations = drawn(run, marks, options, transaction.state);
    }
    return isChanged || transaction.docChanged ? { run, marks, options, decorations } : value;
  },
  provide: self => EditorView.decorations.from(self, value => value.decorations)
});

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

/** Put the cursor at the start of a statement, and scroll it into view. */
export function goTo(view: EditorView, statement: IStatementRun): void {
  const line = linesOf(view.state, statement)?.first ?? Math.min(statement.lineStart, view.state.doc.lines);
  view.dispatch({ selection: { anchor: view.state.doc.line(line).from }, scrollIntoView: true });
  view.focus();
}

function extension(answer: IMarkHandlers): Extension {
  return [handlers.of(answer), field, fitMarks, EditorView.contentAttributes.of({ class: 'sf-marked' })];
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
      marks.push({ from, to, statement, text: run.textOf(statement) ?? doc.sliceString(from, to), isStale: false });
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
function looksTheSame(before: readonly IMark[], now: readonly IMark[], { startState, newDoc }: Transaction): boolean {
  return (
    startState.doc.lines === newDoc.lines &&
    before.length === now.length &&
    before.every((mark, k) => mark.statement === now[k].statement && mark.isStale === now[k].isStale)
  );
}

function bringsLines(changes: ChangeSet): boolean {
  let lines = 0;
  changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => (lines += inserted.lines - 1));
  return lines > 0;
}

function isStale(mark: IMark, from: number, to: number, doc: Text): boolean {
  return doc.sliceString(doc.lineAt(from).from, doc.lineAt(to).to) !== mark.text;
}

function drawn(
  run: CellRun | undefined,
  marks: readonly IMark[],
  options: IOptions,
  state: EditorState
): DecorationSet {
  const answer = state.facet(handlers);
  if (!run || !answer) {
    return Decoration.none;
  }
  const ranges: Range<Decoration>[] = [];
  for (const { from, to, statement, isStale } of marks) {
    const isGrey = isStale || run.isOld;
    if (options.strip) {
      const line = strips[statement.state][Number(isGrey)];
      for (let at = from; at <= to; ) {
        const here = state.doc.lineAt(at);
        ranges.push(line.range(here.from));
        at = here.to + 1;
      }
    }
    if (options.inlineResults && statement.state !== 'waiting') {
      const widget = new MarkWidget(run, statement, options, isGrey, answer);
      ranges.push(Decoration.widget({ widget, side: 1 }).range(state.doc.lineAt(to).to));
    }
  }
  return Decoration.set(ranges, true);
}

const strips = Object.fromEntries(
  (['waiting', 'running', 'finished', 'failed', 'lost'] as const).map(state => [
    state,
    [false, true].map(isGrey =>
      Decoration.line({ class: `sf-strip sf-${state}${isGrey ? ' sf-stale' : ''}` })
    )
  ])
) as Record<IStatementRun['state'], Decoration[]>;
