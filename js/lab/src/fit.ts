/**
 * A mark never makes its editor scroll sideways: it takes the room that its line leaves, and ends in an ellipsis. Where
 * the line leaves none, the mark's sign alone stays at the right edge, over the code.
 *
 * All that is in view is measured in one go, after CodeMirror has drawn, and written in one go.
 */
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';

/** Pixels. With less room than this only the sign is shown. */
const LEAST = 40;
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
        let line: Element | null = null;
        let end = 0;
        return (Array.from(view.contentDOM.getElementsByClassName('sf-mark')) as HTMLElement[]).map(mark => {
          if (mark.parentElement !== line) {
            line = mark.parentElement;
            end = view.coordsAtPos(view.posAtDOM(mark), -1)?.right ?? 0;
          }
          // A mark that sticks to the right edge stands left of where its line ends.
          const { left, width } = mark.getBoundingClientRect();
          const natural = Math.max(left, end);
          end = natural + width;
          return { mark, room: Math.floor(right - natural) };
        });
      },
      write: fits => {
        for (const { mark, room } of fits) {
          const width = `${Math.max(room, LEAST)}px`;
          if (mark.style.maxWidth !== width) {
            mark.style.maxWidth = width;
          }
          mark.classList.toggle('sf-over', room < LEAST);
        }
      }
    });
  }
}

export const fitMarks = ViewPlugin.fromClass(Fit);
