/** A kernel's log of statements, as the tests need it: cells that run as they are told to, on a clock of its own. */
import type { ICellStarted, IStatementEnded, StatementEvent } from '../../lab/src/protocol';

type Part = Pick<ICellStarted, 'selected'> & Partial<Pick<ICellStarted, 'skipped'>>;
type Told = Partial<Pick<IStatementEnded, 'value' | 'assigned' | 'error' | 'displays' | 'duration'>>;

export class KernelLog {
  readonly events: StatementEvent[] = [];

  /** Begin a cell of which each line is a statement, unless its `lines` are told. */
  begin(cellId: string | null, source: string, part: Part = {}, lines?: [number, number][]): LoggedCell {
    const statements = lines ?? source.split('\n').map((_, k): [number, number] => [k + 1, k + 1]);
    const cell = new LoggedCell(this.events, cellId, `m${++this.count}`, this.count, statements);
    cell.tell({ event: 'cell_started', source, statements, skipped: [], ...part });
    return cell;
  }

  /** Run a whole cell, or the part of it that is told. */
  run(cellId: string | null, source: string, part: Part = {}, told: (index: number) => Told = () => ({})): LoggedCell {
    const cell = this.begin(cellId, source, part);
    source.split('\n').forEach((_, index) => {
      if (!part.skipped?.includes(index) && (part.selected?.includes(index) ?? true)) {
        cell.start(index).finish(index, told(index));
      }
    });
    return cell.end();
  }

  /** The history after so many events: what ended is told by its end alone, cell by cell. */
  history(after = this.events.length): StatementEvent[] {
    const told = this.events.slice(0, after);
    const messages = [...new Set(told.map(each => each.msg_id))];
    return messages.flatMap(message => {
      const ofCell = told.filter(each => each.msg_id === message);
      const ended = new Set(ofCell.map(each => (isEnd(each) ? each.statement : undefined)));
      return ofCell.filter(each => each.event !== 'started' || !ended.has(each.statement));
    });
  }

  private count = 0;
}

class LoggedCell {
  constructor(
    private readonly events: StatementEvent[],
    private readonly cellId: string | null,
    readonly msgId: string,
    private readonly count: number,
    private readonly lines: [number, number][]
  ) {}

  start(index: number): this {
    return this.tell({ event: 'started', ...this.place(index) });
  }

  finish(index: number, told: Told = {}): this {
    return this.stop('finished', index, told);
  }

  fail(index: number, error = 'ValueError: no'): this {
    return this.stop('failed', index, { error, displays: 1 }).tell({ event: 'cell_failed', duration: index + 1 });
  }

  end(): this {
    return this.tell({ event: 'cell_finished', duration: this.lines.length });
  }

  tell(what: object): this {
    const { cellId: cell_id, msgId: msg_id, count: execution_count } = this;
    const time = 1_700_000_000 + this.events.length;
    this.events.push({ cell_id, msg_id, execution_count, time, ...what } as StatementEvent);
    return this;
  }

  private stop(event: 'finished' | 'failed', index: number, told: Told): this {
    return this.tell({ event, ...this.place(index), duration: 0.5, outputs: 0, displays: 0, ...told });
  }

  private place(index: number): object {
    const [line_start, line_end] = this.lines[index];
    return { statement: index, line_start, line_end };
  }
}

function isEnd(event: StatementEvent): event is IStatementEnded {
  return event.event === 'finished' || event.event === 'failed';
}
