/**
 * The statements of a run as a bar chart over time: a bar starts where its statement started and is as long as it took.
 * Of a long cell the slowest statements are drawn, in their order, and the rest is summed up, as `%timeline` does.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { CellRun, IStatementRun } from './runs';
import { duration } from './words';

export interface IRow {
  statement: IStatementRun;
  /** The statement's first line; an ellipsis tells of more. */
  text: string;
  lines: string;
  seconds: number;
  /** Fractions of the whole time. */
  start: number;
  length: number;
}

export interface IChart {
  title: string;
  /** Seconds from the first statement's start to the last one's end. */
  total: number;
  rows: IRow[];
  /** What is not drawn, or nothing. */
  rest: string;
}

/** More rows than this nobody reads, and no page draws ten times a second. */
const MOST = 200;

export function chart(run: CellRun, now: number, trans: TranslationBundle, most = MOST): IChart {
  const ran = run.statements.filter(each => each.state !== 'waiting' && !each.isEarlier);
  const took = new Map(ran.map(each => [each, secondsOf(each, now)]));
  const total = Math.max(secondsSoFar(run, now), 1e-9);
  const kept = slowest(ran, took, most);
  const rows = ran.filter(each => kept.has(each)).map((statement): IRow => {
    const seconds = took.get(statement) ?? 0;
    const start = Math.min(statement.began / total, 1);
    const length = Math.min(seconds / total, 1 - start);
    return { statement, text: firstLine(run.textOf(statement)), lines: linesOf(statement), seconds, start, length };
  });
  return { title: title(run, ran, trans), total, rows, rest: rest(ran, kept, took, trans) };
}

/** How long a run has taken, by the kernel's clock as far as a statement's end was told, by the page's from there on. */
export function secondsSoFar(run: CellRun, now: number): number {
  const { current } = run;
  return Math.max(run.duration, current ? current.began + secondsOf(current, now) : 0);
}

function secondsOf({ state, heardAt, duration }: IStatementRun, now: number): number {
  return state === 'running' ? Math.max(now - heardAt, 0) / 1e3 : duration;
}

/** The slowest ones, and whatever its time the last: it runs now, or it failed. */
function slowest(ran: IStatementRun[], took: Map<IStatementRun, number>, most: number): Set<IStatementRun> {
  if (ran.length <= most) {
    return new Set(ran);
  }
  const others = ran.slice(0, -1).sort((a, b) => (took.get(b) ?? 0) - (took.get(a) ?? 0));
  return new Set([...others.slice(0, most - 1), ...ran.slice(-1)]);
}

function title(run: CellRun, ran: IStatementRun[], trans: TranslationBundle): string {
  const parts = [`[${run.executionCount}]`];
  if (run.state === 'running') {
    parts.push(trans.__('statement %1 of %2', Math.max(ran.length, 1), run.planned));
  } else {
    const missed = run.planned - ran.length;
    parts.push(trans._n('%1 statement', '%1 statements', ran.length));
    parts.push(...(missed > 0 ? [trans.__('%1 not reached', missed)] : []));
    parts.push(...(run.duration ? [duration(run.duration)] : []));
  }
  return parts.join(' · ');
}

function rest(
  ran: IStatementRun[],
  kept: Set<IStatementRun>,
  took: Map<IStatementRun, number>,
  trans: TranslationBundle
): string {
  const left = ran.filter(each => !kept.has(each));
  const sum = left.reduce((seconds, each) => seconds + (took.get(each) ?? 0), 0);
  return left.length
    ? trans._n(
        'and %1 quicker statement, %2',
        'and %1 quicker statements, together %2',
        left.length,
        duration(sum)
      )
    : '';
}

function linesOf({ lineStart, lineEnd }: IStatementRun): string {
  return lineStart === lineEnd ? String(lineStart) : `${lineStart}–${lineEnd}`;
}

function firstLine(text = ''): string {
  const [first, ...more] = text.split('\n');
  return more.length ? `${first.trim()} …` : first.trim();
}
