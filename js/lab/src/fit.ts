/**
 * A mark never makes its editor scroll sideways. One that is an element, as those are that may not fit, takes the room
 * that its line leaves, and ends in an ellipsis. Where the line leaves none, its sign alone stays at the right edge, over
 * the code.
 *
 * What is in view is measured in one go, after CodeMirror has drawn, and written in one go. A line that reads as it did
 * has the room it had: at a key in a cell of a hundred statements one line is read and measured, not a hundred.
 */
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';

/** Pixels. With less room than this only the sign is shown. */
const LEAST = 40;
const MARGIN = 12;

interface IFit {
  mark: HTMLElement;
  /** Pixels between the end of the code and the right edge. */
  room: number;
  /** It does not fit into that. */
  isCut: boolean;
  /** It is the last one of its line. */
  isLast: boolean;
}

class Fit {
  constructor(private readonly view: EditorView) {
    this.boxes = view.contentDOM.getElementsByClassName('sf-box');
    this.measure();
  }

  update(update: ViewUpdate): void {
    const { docChanged, geometryChanged, viewportChanged, transactions, view } = update;
    if (docChanged) {
      this.edited = this.edited && edits(update, this.edited);
    } else if (transactions.some(each => each.effects.length)) {
      this.edited = undefined;
    } else if (!geometryChanged && !viewportChanged) {
      return;
    }
    if (view.defaultCharacterWidth !== this.letter) {
      // Another font or zoom: no line is as wide as it was. A cell that is scrolled into view again is.
      this.letter = view.defaultCharacterWidth;
      this.fitted = new WeakMap();
      this.edited = undefined;
    }
    this.isScrolled ||= viewportChanged;
    this.measure();
  }

  private measure(): void {
    this.view.requestMeasure({
      key: this,
      read: view => {
        if (!this.boxes.length) {
          this.edited = undefined;
          return [];
        }
        const right = view.scrollDOM.getBoundingClientRect().right - MARGIN;
        const edited = right === this.right ? this.edited : undefined;
        const lines = new Set(edited?.map(at => lineAt(view, at)));
        // A key within a line draws that line again and no other.
        const drawn = edited && !this.isScrolled ? [] : this.boxes;
        for (const mark of drawn as Iterable<HTMLElement>) {
          if (!edited || !this.fitted.has(mark)) {
            lines.add(mark.closest<HTMLElement>('.cm-line'));
          }
        }
        this.edited = [];
        this.isScrolled = false;
        this.right = right;
        return Array.from(lines).flatMap(line => (line ? this.read(view, line, right) : []));
      },
      write: fits => {
        for (const { mark, room, isCut, isLast } of fits) {
          // Nothing is written at a key beside a mark that fits: the line is laid out once.
          const width = isCut ? `${Math.max(room, LEAST)}px` : '';
          if (mark.style.maxWidth !== width) {
            mark.style.maxWidth = width;
          }
          mark.classList.toggle('sf-cut', isCut);
          mark.classList.toggle('sf-over', room < LEAST);
          mark.classList.toggle('sf-last', isLast);
        }
      }
    });
  }

  private read(view: EditorView, line: HTMLElement, right: number): IFit[] {
    const marks = Array.from(line.getElementsByClassName('sf-box')) as HTMLElement[];
    const key = `${right} ${marks.length} ${line.textContent}`;
    if (marks.every(mark => this.fitted.get(mark) === key)) {
      return [];
    }
    let end = view.coordsAtPos(view.posAtDOM(marks[0]), -1)?.right ?? 0;
    return marks.map((mark, k) => {
      this.fitted.set(mark, key);
      // A mark that sticks to the right edge stands left of where its line ends.
      const { left, width } = mark.getBoundingClientRect();
      const natural = Math.max(left, end);
      end = natural + width;
      const room = Math.floor(right - natural);
      return { mark, room, isCut: isWider(mark, width, room), isLast: k === marks.length - 1 };
    });
  }

  /** The marks that are in view and are elements, always as it is now. */
  private readonly boxes: HTMLCollectionOf<Element>;
  /** What was true of a mark's line when the mark was fitted to it. */
  private fitted = new WeakMap<HTMLElement, string>();
  /** Where lines were edited since; undefined where any line may be another. */
  private edited?: number[];
  /** Other lines came into view since, and their marks may be new. */
  private isScrolled = false;
  private right?: number;
  /** Pixels that a letter is wide. */
  private letter?: number;
}

/** The places of earlier edits, and of those of an update; undefined where it was not within lines. */
function edits({ changes, startState, state }: ViewUpdate, earlier: readonly number[]): number[] | undefined {
  const places = earlier.map(at => changes.mapPos(at));
  let isWithinLines = startState.doc.lines === state.doc.lines;
  changes.iterChangedRanges((_fromA, _toA, from, to) => {
    places.push(from);
    isWithinLines &&= to <= state.doc.lineAt(from).to;
  });
  return isWithinLines ? places : undefined;
}

function lineAt(view: EditorView, at: number): HTMLElement | null {
  const { node } = view.domAtPos(at);
  const element = node instanceof HTMLElement ? node : node.parentElement;
  return element?.closest('.cm-line') ?? null;
}

/**
 * Whether a mark's words need more room, or may come to need it: those of a running one grow, and those of a mark that
 * shows its sign alone are not there to be measured.
 */
function isWider(mark: HTMLElement, width: number, room: number): boolean {
  const mayGrow = mark.classList.contains('sf-running') || mark.classList.contains('sf-over');
  return mayGrow || width + mark.scrollWidth - mark.clientWidth > room;
}

export const fitMarks = ViewPlugin.fromClass(Fit);
