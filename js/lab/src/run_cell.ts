/** Runs a part of a notebook's cell. The kernel is told which part in the request's metadata. */
import type { ISessionContext } from '@jupyterlab/apputils';
import { CodeCell } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';

import { indexOf } from './reveal';
import type { CellRun, IStatementOutput } from './runs';

/** Run the statements that have a line from `first` to `last`. As with any run, the outputs begin anew. */
export async function runLines(cell: CodeCell, context: ISessionContext, first: number, last: number): Promise<void> {
  await CodeCell.execute(cell, context, { rdit: { line_range: [first, last] } });
}

/** Go on from the statement that failed. The outputs before the error stay. */
export async function resume(cell: CodeCell, context: ISessionContext, failed: CellRun): Promise<void> {
  const restore = keep(cell.model.outputs, failed);
  // The request is sent, and the old outputs are cleared, before this returns its promise.
  const done = CodeCell.execute(cell, context, { rdit: { resume: true } });
  restore();
  await done;
}

/** Remember the outputs before the error. What is returned puts them back, and each statement still knows its own. */
export function keep(outputs: IOutputAreaModel, failed: CellRun): () => void {
  const entries = failed.statements.flatMap(each => each.outputs);
  const before: { json: IOutput; owners: IStatementOutput[] }[] = [];
  for (let k = 0; k < outputs.length; k++) {
    const model = outputs.get(k);
    if (model.type !== 'error') {
      before.push({ json: model.toJSON(), owners: entries.filter(entry => indexOf(entry, outputs) === k) });
    }
  }
  return () => {
    for (const { json, owners } of before) {
      outputs.add(json);
      const index = outputs.length - 1;
      const model = outputs.get(index);
      owners.forEach(entry => Object.assign(entry, { model, index }));
    }
  };
}
