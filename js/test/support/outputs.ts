/** A cell's outputs as the notebook keeps them: a text that continues a stream becomes part of that output. */
import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import type { IOutputModel } from '@jupyterlab/rendermime';

import { textOf } from '../../lab/src/runs';

/** Of JupyterLab's models, which draw in so much of it that they need a browser, what this extension uses. */
class FakeOutputs {
  private readonly models: { type: string; json: IOutput; toJSON(): IOutput }[] = [];

  get length(): number {
    return this.models.length;
  }

  get(index: number): IOutputModel {
    return this.models[index] as unknown as IOutputModel;
  }

  add(output: IOutput): void {
    const last = this.models[this.models.length - 1];
    if (output.output_type === 'stream' && last?.type === 'stream' && last.json.name === output.name) {
      last.json = { ...last.json, text: textOf(last.json) + textOf(output) };
    } else {
      this.models.push({
        type: output.output_type,
        json: output,
        toJSON() {
          return this.json;
        }
      });
    }
  }
}

export function outputArea(...outputs: IOutput[]): IOutputAreaModel {
  const area = new FakeOutputs();
  outputs.forEach(output => area.add(output));
  return area as unknown as IOutputAreaModel;
}

export function stream(text: string, name = 'stdout'): IOutput {
  return { output_type: 'stream', name, text };
}

export function display(text: string): IOutput {
  return { output_type: 'display_data', data: { 'text/plain': text }, metadata: {} };
}
