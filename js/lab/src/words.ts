/** What a mark says, to the eye and to a screen reader. */
import type { IOptions } from './options';
import { textOf, type CellRun, type IStatementRun } from './runs';

/** What stands for a state. That of one that runs is drawn. */
export const SIGNS: Record<IStatementRun['state'], string> = {
  waiting: '',
  running: '',
  finished: '✓',
  failed: '✗',
  lost: '–'
};

/** A duration as people read it: 12 µs, 3.4 ms, 1.25 s, 2 min 05 s. As `%timeline` writes it. */
export function duration(seconds: number): string {
  if (seconds < 0.001) {
    return `${Math.round(seconds * 1e6)} µs`;
  }
  if (seconds < 1) {
    return `${(seconds * 1e3).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
  }
  if (seconds < 60) {
    return `${seconds.toFixed(2)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** How long a statement has been running, changing ten times a second at most. */
export function elapsed(statement: IStatementRun, now: number): string {
  return counting(Math.max(now - statement.heardAt, 0) / 1e3);
}

/** A time that counts on, in tenths. */
export function counting(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** All that a mark says: its sign, the time, the result. Of a statement that runs, nothing yet. */
export function words(statement: IStatementRun, options: IOptions): string {
  const { state } = statement;
  const parts = state === 'running' ? [] : [SIGNS[state], time(statement, options), result(statement, options)];
  return parts.filter(Boolean).join('  ');
}

/** The time to show, or nothing where it is not worth it. */
export function time(statement: IStatementRun, options: IOptions): string {
  const isWorth = options.showTimes && statement.duration * 1e3 >= options.minimumTime;
  return isWorth ? duration(statement.duration) : '';
}

/** The statement's result in a few words: its value, what it assigned, what it printed, or its error. */
export function result(statement: IStatementRun, options: IOptions): string {
  if (statement.state === 'failed') {
    return cut(statement.error ?? 'failed', options.maximumLength);
  }
  if (statement.value !== undefined && options.showValues) {
    return cut(statement.value, options.maximumLength);
  }
  const bound = statement.assigned.filter(([, held]) => held);
  if (bound.length && options.showAssigned) {
    return cut(named(bound), options.maximumLength);
  }
  return options.showValues ? cut(printed(statement), options.maximumLength) : '';
}

/** `x = 3, y = 4`; functions and modules by their names alone, which their own line says already. */
export function assigned(statement: IStatementRun): string {
  return named(statement.assigned);
}

/** A mark's words for a screen reader. */
export function spoken(statement: IStatementRun, options: IOptions, isStale: boolean): string {
  const said = result(statement, { ...options, maximumLength: 200, showValues: true, showAssigned: true });
  const what: Record<IStatementRun['state'], string> = {
    waiting: 'Has not run',
    running: 'Running',
    finished: `Finished in ${duration(statement.duration)}`,
    failed: `Failed after ${duration(statement.duration)}`,
    lost: 'Was running when the kernel ended'
  };
  const ending = said ? `: ${said}` : '';
  return `${isStale ? 'Changed since it ran. ' : ''}${what[statement.state]}${ending}`;
}

/** What is announced when a cell has ended. */
export function announcement(run: CellRun): string {
  const failed = run.statements.find(each => each.state === 'failed' && !each.isEarlier);
  if (failed) {
    const place = `Statement ${failed.index + 1} of ${run.statements.length}, line ${failed.lineStart}`;
    return `${place}, failed: ${failed.error ?? 'error'}`;
  }
  if (run.state === 'lost') {
    const last = run.current;
    return `The kernel ended${last ? ` in statement ${last.index + 1} of ${run.statements.length}` : ''}`;
  }
  if (run.state === 'failed') {
    return `Stopped after ${statements(run.reached)}`;
  }
  return `${statements(run.reached)} finished in ${duration(run.duration)}`;
}

/** "1 statement", "5 statements". */
export function statements(count: number): string {
  return count === 1 ? '1 statement' : `${count} statements`;
}

function named(assigned: readonly [string, string][]): string {
  return assigned.map(([name, held]) => (held ? `${name} = ${held}` : name)).join(', ');
}

function printed(statement: IStatementRun): string {
  for (const { output } of statement.outputs) {
    if (output.output_type === 'stream') {
      const lines = plain(textOf(output)).trim().split('\n');
      if (lines[0]) {
        return lines.length > 1 ? `${lines[0]} …` : lines[0];
      }
    }
  }
  return '';
}

/** A text without the colours of a terminal, and after a carriage return only what is written over it. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  const bare = text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/\r\n/g, '\n');
  return bare.replace(/^.*\r(?=[^\n])/gm, '');
}

function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length > length ? `${characters.slice(0, Math.max(length - 1, 1)).join('')}…` : text;
}
