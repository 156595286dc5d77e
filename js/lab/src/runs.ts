/**
 * What is known of the cells that ran: the kernel's news as a model, one `CellRun` for a cell.
 *
 * Applying an event twice changes nothing, since a history may repeat what was told. Nothing here knows the page.
 */
import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputModel } from '@jupyterlab/rendermime';

import type { ICellEnded, ICellStarted, IStatementEnded, IStatementStarted, StatementEvent } from './protocol';

export type State =
  /** Has not begun, and may never. */
  | 'waiting'
  | 'running'
  | 'finished'
  | 'failed'
  /** Was running when its kernel went away. */
  | 'lost';

/** So much text of a statement's streams is kept for its card; the notebook keeps all of it. */
export const KEPT_TEXT = 20_000;
export const KEPT_OUTPUTS = 50;

/** One output of a statement. `model` is where the notebook keeps it, `offset` where a stream's text begins in it. */
export interface IStatementOutput {
  output: IOutput;
  model?: IOutputModel;
  /** Where it was in its area. JupyterLab 4.2 puts a new model in a stream's place with each text. */
  index?: number;
  offset?: number;
}

export interface IStatementRun {
  readonly index: number;
  /** Lines of `CellRun.source`, counted from 1, both included. */
  readonly lineStart: number;
  readonly lineEnd: number;
  state: State;
  /** When it started, in milliseconds of this page's `performance.now()`, as far as the page can know. */
  heardAt: number;
  /** Seconds after its cell's start. */
  began: number;
  /** Seconds. */
  duration: number;
  displays: number;
  value?: string;
  assigned: [string, string][];
  error?: string;
  outputs: IStatementOutput[];
  /** It ran in an earlier run of the cell, and its lines are as they were. */
  isEarlier: boolean;
}

/** One run of a cell. */
export class CellRun {
  readonly cellId: string;
  readonly msgId: string;
  readonly executionCount: number;
  readonly source: string | undefined;
  readonly startedAt: number;
  /** When it started, as a statement's. */
  readonly heardAt: number;
  readonly statements: IStatementRun[];
  /** How many of the statements this run is to execute. */
  readonly planned: number;
  /** It goes on with a run that failed, be it one of another cell: only such a run passes over statements. */
  readonly isResumed: boolean;
  state: 'running' | 'finished' | 'failed' | 'lost' = 'running';
  duration = 0;
  /** The kernel it ran in is gone. */
  isOld = false;

  constructor(event: ICellStarted, age: number, earlier?: CellRun) {
    this.cellId = event.cell_id ?? '';
    this.msgId = event.msg_id;
    this.executionCount = event.execution_count;
    this.source = event.source;
    this.startedAt = event.time;
    this.heardAt = performance.now() - age;
    this.statements = event.statements.map(([first, last], index) => waiting(index, first, last));
    this.isResumed = event.skipped.length > 0;
    const left = notPlanned(event);
    this.planned = this.statements.length - left.size;
    if (left.size && earlier && !earlier.isOld) {
      this.carryOver(earlier, left);
    }
  }

  /** The statement that runs now, or ran last. */
  get current(): IStatementRun | undefined {
    let last: IStatementRun | undefined;
    for (const each of this.statements) {
      if (each.state !== 'waiting' && !each.isEarlier) {
        last = each;
      }
    }
    return last;
  }

  /** How many statements this run has executed, the running one included. */
  get reached(): number {
    return this.statements.filter(each => each.state !== 'waiting' && !each.isEarlier).length;
  }

  /** The text of a statement's lines, where the run's text is known. */
  textOf(statement: IStatementRun): string | undefined {
    return this.lines?.slice(statement.lineStart - 1, statement.lineEnd).join('\n');
  }

  /** The kernel is gone: what ran is of the past. */
  lose(): void {
    this.isOld = true;
    if (this.state === 'running') {
      this.state = 'lost';
    }
    for (const each of this.statements) {
      if (each.state === 'running') {
        each.state = 'lost';
      }
    }
  }

  private get lines(): string[] | undefined {
    this._lines ??= this.source?.split(/\r\n|\r|\n/);
    return this._lines;
  }

  /**
   * A run of a part keeps what is known of the other statements, if they read as they did. Of statements that read
   * alike, the first takes after the first, the second after the second, whether they run now or not.
   */
  private carryOver(earlier: CellRun, left: Set<number>): void {
    const known = new Map<string, IStatementRun[]>();
    for (const each of earlier.statements) {
      const text = earlier.textOf(each);
      if (text !== undefined) {
        known.set(text, [...(known.get(text) ?? []), each]);
      }
    }
    this.statements.forEach((place, index) => {
      const found = known.get(this.textOf(place) ?? '')?.shift();
      if (found && found.state !== 'waiting' && left.has(index)) {
        const { lineStart, lineEnd } = place;
        this.statements[index] = { ...found, index, lineStart, lineEnd, isEarlier: true };
      }
    });
  }

  private _lines?: string[];
}

/** The last run of each cell of one kernel. */
export class Runs {
  readonly byCell = new Map<string, CellRun>();
  private readonly byMessage = new Map<string, CellRun>();
  /** The runs that a later one replaced or that are to be forgotten, by message: a history may tell of them again. */
  private readonly past = new Set<string>();
  /** The cell that runs now or ran last. */
  last: CellRun | undefined;
  /** The run that `resume` would go on with. */
  failed: CellRun | undefined;

  /**
   * Take in an event that the kernel sent at `sentAt`, in seconds of its own clock. Returns the run that it changed.
   */
  apply(event: StatementEvent, sentAt: number = event.time): CellRun | undefined {
    const age = Math.max(sentAt - event.time, 0) * 1e3;
    if (event.event === 'cell_started') {
      return this.start(event, age);
    }
    const run = this.byMessage.get(event.msg_id);
    if (!run) {
      return undefined;
    }
    switch (event.event) {
      case 'started':
        begin(run.statements[event.statement], event, run, age);
        break;
      case 'finished':
      case 'failed':
        end(run.statements[event.statement], event, run);
        break;
      default:
        this.end(run, event);
    }
    return run;
  }

  /** The run that a message belongs to, by its parent's id. */
  ofMessage(msgId: string): CellRun | undefined {
    return this.byMessage.get(msgId);
  }

  /** Forget what is known of a cell. */
  forget(cellId: string): void {
    const run = this.byCell.get(cellId);
    if (run) {
      this.byCell.delete(cellId);
      this.pass(run);
    }
  }

  /** The kernel is gone. */
  lose(): void {
    this.byCell.forEach(run => run.lose());
    this.byMessage.clear();
    this.past.clear();
    this.failed = undefined;
  }

  private end(run: CellRun, event: ICellEnded): void {
    if (run.state !== 'running') {
      // A history tells it again, and another cell may have failed since.
      return;
    }
    run.state = event.event === 'cell_failed' ? 'failed' : 'finished';
    run.duration = event.duration;
    if (run.state === 'failed') {
      this.failed = run;
    } else if (run.isResumed || this.failed?.cellId === run.cellId) {
      this.failed = undefined;
    }
  }

  private start(event: ICellStarted, age: number): CellRun | undefined {
    if (event.cell_id === null || this.past.has(event.msg_id)) {
      return undefined;
    }
    const known = this.byMessage.get(event.msg_id);
    if (known) {
      return known;
    }
    const earlier = this.byCell.get(event.cell_id);
    // Of a kernel that comes back, the history tells the run of before again.
    if (earlier && !earlier.isOld) {
      this.pass(earlier);
    }
    const run = new CellRun(event, age, earlier);
    this.byMessage.set(run.msgId, run);
    this.byCell.set(run.cellId, run);
    this.last = run;
    return run;
  }

  private pass(run: CellRun): void {
    this.byMessage.delete(run.msgId);
    this.past.add(run.msgId);
  }
}

/** Add an output to a statement's, text to the stream it continues. Returns the entry that holds it. */
export function addOutput(statement: IStatementRun, output: IOutput): IStatementOutput | undefined {
  const last = statement.outputs[statement.outputs.length - 1];
  if (output.output_type === 'stream' && last?.output.output_type === 'stream' && last.output.name === output.name) {
    const text = textOf(last.output);
    if (text.length < KEPT_TEXT) {
      last.output = { ...last.output, text: text + textOf(output) };
    }
    return last;
  }
  if (statement.outputs.length >= KEPT_OUTPUTS) {
    return undefined;
  }
  const entry = { output };
  statement.outputs.push(entry);
  return entry;
}

/** The text of a stream output. */
export function textOf(output: IOutput): string {
  const text = output.text as string | string[] | undefined;
  return Array.isArray(text) ? text.join('') : (text ?? '');
}

function waiting(index: number, lineStart: number, lineEnd: number): IStatementRun {
  return {
    index,
    lineStart,
    lineEnd,
    state: 'waiting',
    heardAt: 0,
    began: 0,
    duration: 0,
    displays: 0,
    assigned: [],
    outputs: [],
    isEarlier: false
  };
}

function notPlanned(event: ICellStarted): Set<number> {
  const left = new Set(event.skipped);
  if (event.selected) {
    const selected = new Set(event.selected);
    event.statements.forEach((_, index) => selected.has(index) || left.add(index));
  }
  return left;
}

function begin(statement: IStatementRun, event: IStatementStarted, run: CellRun, age: number): void {
  if (statement.state === 'waiting' || statement.isEarlier) {
    statement.state = 'running';
    statement.isEarlier = false;
    statement.heardAt = performance.now() - age;
    statement.began = event.time - run.startedAt;
    statement.outputs = [];
  }
}

function end(statement: IStatementRun, event: IStatementEnded, run: CellRun): void {
  if (statement.isEarlier) {
    // The start of a quick statement is not told. It had no output, since output is told after it.
    statement.outputs = [];
  }
  statement.state = event.event;
  statement.isEarlier = false;
  statement.duration = event.duration;
  statement.began = Math.max(event.time - event.duration - run.startedAt, 0);
  statement.displays = event.displays;
  statement.value = event.value;
  statement.assigned = event.assigned ?? [];
  statement.error = event.error;
}
