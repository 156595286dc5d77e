/** The golden messages of tests/wire: pytest holds that the kernel sends them, the tests here what the page makes of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { INews, ITag } from '../../lab/src/protocol';
import type { CellRun, IStatementRun, Runs } from '../../lab/src/runs';

const WIRE = join(dirname(fileURLToPath(import.meta.url)), '../../../tests/wire');

export interface IStory {
  about: string;
  /** What the kernel sends while the story's cells run; the last message is the history. */
  news: INews[];
  /** The marks of the outputs it publishes meanwhile. */
  outputs: { msg_type: 'execute_result' | 'error'; parent: string; rdit: ITag }[];
  /** What the page knows in the end, by cell. */
  page: Record<string, IKnown>;
}

/** What is known of a cell, without the moments at which this page heard of it. */
export interface IKnown {
  state: CellRun['state'];
  execution_count: number;
  duration: number;
  planned: number;
  statements: (Pick<IStatementRun, 'state' | 'began' | 'duration' | 'displays'> & {
    lines: [number, number];
    value?: string;
    assigned?: [string, string][];
    error?: string;
    is_earlier?: true;
  })[];
}

export function stories(): [string, IStory][] {
  const names = readdirSync(join(WIRE, 'statements')).filter(name => name.endsWith('.json'));
  return names.sort().map(name => [name.replace('.json', ''), read<IStory>(`statements/${name}`)]);
}

/** Seconds, and how they are written. */
export function durations(): [number, string][] {
  return read('durations.json');
}

export function knownTo(runs: Runs): Record<string, IKnown> {
  return Object.fromEntries(Array.from(runs.byCell, ([cellId, run]) => [cellId, known(run)]));
}

function known(run: CellRun): IKnown {
  return {
    state: run.state,
    execution_count: run.executionCount,
    duration: run.duration,
    planned: run.planned,
    statements: run.statements.map(each => ({
      state: each.state,
      lines: [each.lineStart, each.lineEnd],
      began: each.began,
      duration: each.duration,
      displays: each.displays,
      ...(each.value !== undefined && { value: each.value }),
      ...(each.assigned.length && { assigned: each.assigned }),
      ...(each.error !== undefined && { error: each.error }),
      ...(each.isEarlier && { is_earlier: true })
    }))
  };
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(WIRE, name), 'utf8')) as T;
}
