/**
 * A mark never makes its editor scroll sideways: it takes the room that its line leaves, and ends in an ellipsis.
 *
 * All that is in view is measured in one go, after CodeMirror has drawn, and written in one go.
 */
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';

/** Pixels that a mark gets even where its line leaves none: its sign stays visible. */
const LEAST = 24;
const MARGIN = 12;

class Fit {
  constructor(private readonly view: EditorView) {
    this.measure();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged || update.geometryChanged || update.viewportChanged || update.transactions.length) {
      this.measure();
    }
  }

  private measure(): void {
    this.view.requestMeasure({
      key: this,
      read: view => {
        const right = view.scrollDOM.getBoundingClientRect().right - MARGIN;
        const marks = Array.from(view.contentDOM.getElementsByClassName('sf-mark')) as HTMLElement[];
        const rooms = marks.map(mark => Math.max(right - mark.getBoundingClientRect().left, LEAST));
        return marks.map((mark, k): [HTMLElement, string] => [mark, `${Math.floor(rooms[k])}px`]);
      },
      write: sizes => {
        for (const [mark, width] of sizes) {
          if (mark.style.maxWidth !== width) {
            mark.style.maxWidth = width;
          }
        }
      }
    });
  }
}

export const fitMarks = ViewPlugin.fromClass(Fit);
