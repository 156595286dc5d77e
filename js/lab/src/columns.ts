/**
 * How many letters stand side by side in an editor, and how many a text takes: enough to tell what certainly fits
 * without laying anything out.
 */
import { StateEffect } from '@codemirror/state';
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';

/** The words of a mark to its code, in size, and letters between the two. As in index.css. */
export const SIZE = 0.92;
export const GAP = 4;
/** Pixels to the left of the code and behind its marks that stay free. */
const MARGINS = 24;

/** An editor has another number of columns; 0 where its letters are of different widths, so that nothing is certain. */
export const columnsChanged = StateEffect.define<number>();

let latest = 0;

/** What the editor that was measured last has: the best guess for the next one. */
export function usualColumns(): number {
  return latest;
}

/** The columns that a text takes at most: whatever is not ASCII counts as wide. */
export function columnsOf(text: string, tabSize: number): number {
  let columns = 0;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    columns += code === 9 ? tabSize : code < 127 ? 1 : 2;
  }
  return columns;
}

class Columns {
  constructor(private readonly view: EditorView) {
    this.measure();
  }

  update({ docChanged, geometryChanged }: ViewUpdate): void {
    if (geometryChanged && !docChanged) {
      this.measure();
    }
  }

  destroy(): void {
    this.isGone = true;
  }

  private measure(): void {
    this.view.requestMeasure({
      key: this,
      read: ({ contentDOM, scrollDOM, defaultCharacterWidth }) => {
        const width = scrollDOM.clientWidth - contentDOM.offsetLeft - MARGINS;
        if (width <= 0) {
          return this.columns; // it is hidden
        }
        if (defaultCharacterWidth !== this.letter) {
          this.letter = defaultCharacterWidth;
          this.isEven = hasEvenLetters(contentDOM);
        }
        return this.isEven ? Math.floor(width / defaultCharacterWidth) : 0;
      },
      write: columns => {
        if (columns !== this.columns) {
          latest = columns;
          this.columns = columns;
          // No editor takes a change while it is measured; this comes before the frame is painted.
          queueMicrotask(() => this.isGone || this.view.dispatch({ effects: columnsChanged.of(columns) }));
        }
      }
    });
  }

  private columns = usualColumns();
  private letter = 0;
  private isEven = false;
  private isGone = false;
}

function hasEvenLetters(content: HTMLElement): boolean {
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) {
    return false;
  }
  const { fontSize, fontFamily } = getComputedStyle(content);
  canvas.font = `${fontSize} ${fontFamily}`;
  return Math.abs(canvas.measureText('i').width - canvas.measureText('W').width) < 0.1;
}

export const watchColumns = ViewPlugin.fromClass(Columns);
