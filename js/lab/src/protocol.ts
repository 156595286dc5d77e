/**
 * What the kernel tells of statements: the twin of `StatementEvent` in kernel/rdit/events.py.
 *
 * Times are seconds since the epoch, durations seconds, lines count from 1 and include both ends.
 */

export const TARGET = 'rdit.statements';

interface IEvent {
  cell_id: string | null;
  msg_id: string;
  execution_count: number;
  time: number;
}

export interface ICellStarted extends IEvent {
  event: 'cell_started';
  /** The cell's text as it ran; left out of a long history. */
  source?: string;
  statements: [number, number][];
  /** The indexes of the statements that a resume passes over. */
  skipped: number[];
  /** The indexes of the statements that run, where only a part was asked for. */
  selected?: number[];
}

export interface ICellEnded extends IEvent {
  event: 'cell_finished' | 'cell_failed';
  duration: number;
}

interface IStatementEvent extends IEvent {
  statement: number;
  line_start: number;
  line_end: number;
}

export interface IStatementStarted extends IStatementEvent {
  event: 'started';
}

export interface IStatementEnded extends IStatementEvent {
  event: 'finished' | 'failed';
  duration: number;
  outputs: number;
  /** How many of the outputs are not text on a stream. */
  displays: number;
  error?: string;
  /** What it showed, in a few words. */
  value?: string;
  /** The names it bound with what they hold, in a few words; those are empty for functions and modules. */
  assigned?: [string, string][];
}

export type StatementEvent = ICellStarted | ICellEnded | IStatementStarted | IStatementEnded;

/** A message on the comm. A history stands for all that was told before it. */
export interface INews {
  type: 'history' | 'events';
  events: StatementEvent[];
}

/** What a message that was published while a statement ran carries in `metadata.rdit`. */
export interface ITag {
  cell_id: string | null;
  statement: number;
  line_start: number;
  line_end: number;
}
