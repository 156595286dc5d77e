/** Where a statement's output stands in its output area, and how to bring it into view. */
import type { OutputArea, IOutputAreaModel } from '@jupyterlab/outputarea';

import { textOf, type CellRun, type IStatementOutput, type IStatementRun } from './runs';

/** An output has just been added: it is the last one, or the end of the stream that is. */
export function anchor(entry: IStatementOutput, outputs: IOutputAreaModel): void {
  if (!outputs.length) {
    return;
  }
  entry.index = outputs.length - 1;
  entry.model = outputs.get(entry.index);
  if (entry.output.output_type === 'stream') {
    entry.offset = textOf(entry.model.toJSON()).length - textOf(entry.output).length;
  }
}

/**
 * Find the outputs of a run again, of which only their number is known: after a page reload, when the notebook has the
 * outputs and the kernel tells how many each statement displayed. Where the numbers do not agree, nothing is guessed.
 */
export function anchorAgain(run: CellRun, outputs: IOutputAreaModel): void {
  if (run.state === 'running' || run.statements.some(each => each.outputs.length)) {
    return;
  }
  const displays = [];
  for (let k = 0; k < outputs.length; k++) {
    const model = outputs.get(k);
    if (model.type !== 'stream') {
      displays.push(model);
    }
  }
  // After a resume the outputs of the run before it are there too, those of the error left out; after a partial run not.
  const shown = (each: IStatementRun) => each.displays - (each.isEarlier && each.state === 'failed' ? 1 : 0);
  const total = (statements: IStatementRun[]) => statements.reduce((sum, each) => sum + shown(each), 0);
  const ran = [run.statements, run.statements.filter(each => !each.isEarlier)].find(each => total(each) === displays.length);
  for (const statement of (displays.length && ran) || []) {
    for (const model of displays.splice(0, shown(statement))) {
      statement.outputs.push({ output: model.toJSON(), model });
    }
  }
}

/**
 * Scroll the first of a statement's outputs into view and let it light up. Returns whether it is there. `open` is called
 * before, where the output area may be folded away.
 */
export function reveal(area: OutputArea, statement: IStatementRun, open: () => void): boolean {
  for (const entry of statement.outputs) {
    const index = indexOf(entry, area.model);
    if (index >= 0) {
      open();
      const { offset } = entry;
      return light(area, index, offset && { offset, text: textOf(area.model.get(index).toJSON()) });
    }
  }
  return false;
}

/** The index of a statement's output in its area, or -1 where it is no longer there. */
export function indexOf({ output, model, index, offset }: IStatementOutput, outputs: IOutputAreaModel): number {
  for (let at = 0; model && at < outputs.length; at++) {
    if (outputs.get(at) === model) {
      return at;
    }
  }
  const isItsStream =
    index !== undefined &&
    offset !== undefined &&
    index < outputs.length &&
    textOf(outputs.get(index).toJSON()).startsWith(textOf(output), offset);
  return isItsStream ? index : -1;
}

function light(area: OutputArea, index: number, stream: { offset: number; text: string } | 0 | undefined): boolean {
  // A long output area draws its first outputs only.
  if (index >= area.maxNumberOutputs) {
    area.maxNumberOutputs = index + 1;
  }
  const node = area.widgets[index]?.node;
  if (!node) {
    return false;
  }
  const target = (stream && lineOf(node, stream.offset, stream.text)) || node;
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({ block: 'nearest', behavior: isCalm ? 'auto' : 'smooth' });
  node.classList.remove('sf-lit');
  void node.offsetWidth; // lets the animation begin anew
  node.classList.add('sf-lit');
  node.addEventListener('animationend', () => node.classList.remove('sf-lit'), { once: true });
  return true;
}

/** An invisible line in a stream's text, as high as the line that the offset is on, for scrolling to. */
function lineOf(node: HTMLElement, offset: number, text: string): HTMLElement | undefined {
  const pre = node.querySelector('pre');
  if (!pre) {
    return undefined;
  }
  const count = (part: string) => part.split('\n').length - 1;
  const lines = Math.max(count(text.trimEnd()) + 1, 1);
  const height = pre.offsetHeight / lines;
  const line = document.createElement('span');
  line.style.cssText = `position:absolute;height:${height}px;width:1px;top:${pre.offsetTop + height * count(text.slice(0, offset))}px`;
  pre.append(line);
  window.setTimeout(() => line.remove(), 1000);
  return line;
}
