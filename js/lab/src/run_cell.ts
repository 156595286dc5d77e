/** Runs a part of a notebook's cell. The kernel is told which part in the request's metadata. */
import type { ISessionContext } from '@jupyterlab/apputils';
import { CodeCell } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IOutputModel } from '@jupyterlab/rendermime';

import type { CellRun } from './runs';

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
  const before: { json: IOutput; model: IOutputModel }[] = [];
  for (let k = 0; k < outputs.length; k++) {
    const model = outputs.get(k);
    if (model.type !== 'error') {
      before.push({ json: model.toJSON(), model });
    }
  }
  return () => {
    for (const { json, model } of before) {
      outputs.add(json);
      const restored = outputs.get(outputs.length - 1);
      for (const { outputs: entries } of failed.statements) {
        for (const entry of entries) {
          if (entry.model === model) {
            entry.model = restored;
          }
        }
      }
    }
  };
}
