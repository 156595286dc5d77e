import { EditorView } from '@codemirror/view';
import { beforeEach, expect, test, vi } from 'vitest';

import type { IMarkHandlers } from '../../lab/src/mark_field';
import { show } from '../../lab/src/marks';
import { DEFAULTS } from '../../lab/src/options';
import { Runs, type CellRun } from '../../lab/src/runs';
import { change, edit, editor } from '../support/editor';
import { KernelLog } from '../support/kernel_log';

const NO_ONE: IMarkHandlers = { enter: () => undefined, leave: () => undefined, click: () => undefined };
/** Pixels: jsdom lays nothing out. */
const CHARACTER = 10;
const MARK = 80;
/** More than any line leaves. */
const LONG = 900;
let wanted = MARK;
let width = 500;
let measured = new Set<string>();

beforeEach(() => {
  width = 500;
  wanted = MARK;
  vi.restoreAllMocks();
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  vi.spyOn(EditorView.prototype, 'coordsAtPos').mockImplementation(function (this: EditorView, at) {
    const right = (at - this.state.doc.lineAt(at).from) * CHARACTER;
    return { left: right, right, top: 0, bottom: 0 };
  });
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    if (this.classList.contains('sf-mark')) {
      measured.add(lineOf(this)?.textContent ?? '');
      return new DOMRect(0, 0, wanted, 10);
    }
    return new DOMRect(0, 0, width, 10);
  });
});

/** An editor whose lines have run, with marks that are fitted. */
function fitted(source: string): EditorView {
  const view = editor(source);
  const log = new KernelLog();
  const cell = log.begin('a', source);
  source.split('\n').forEach((_, k) => cell.start(k).finish(k, { value: String(k), duration: 0 }));
  cell.end();
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  show(view, runs.last as CellRun, DEFAULTS, NO_ONE);
  measure(view);
  return view;
}

/** What CodeMirror does once a frame. */
function measure(view: EditorView): void {
  measured = new Set();
  (view as unknown as { measure(): void }).measure();
}

function lineOf(mark: Element): Element | null {
  return mark.closest('.cm-line');
}

function marks(view: EditorView): HTMLElement[] {
  return Array.from(view.contentDOM.querySelectorAll<HTMLElement>('.sf-mark'));
}

test('a mark that needs more takes the room that its line leaves', () => {
  width = 150;
  const view = fitted('a\nlonger');
  expect(marks(view).map(mark => mark.style.maxWidth)).toEqual(['', '78px']);
});

test('a key beside a mark that fits writes nothing to it', () => {
  const view = fitted('a\nb');
  edit(view, 'b', 'bb'); // and now it is stale
  measure(view);
  const written = new MutationObserver(() => undefined);
  for (const mark of marks(view)) {
    written.observe(mark, { attributes: true });
  }
  change(view, 2, 2, 'c');
  measure(view);
  expect(measured).toContain('cbb');
  expect(written.takeRecords()).toEqual([]);
});

test('a mark whose line leaves no room shows its sign alone', () => {
  const view = fitted(`a\n${'b'.repeat(49)}`);
  expect(marks(view).map(mark => mark.classList.contains('sf-over'))).toEqual([false, true]);
});

test('a mark clips its words only where they do not fit', () => {
  width = 105;
  const view = fitted('a\nbb');
  expect(marks(view).map(mark => mark.classList.contains('sf-cut'))).toEqual([false, true]);
  edit(view, 'bb', 'b');
  measure(view);
  expect(marks(view).map(mark => mark.classList.contains('sf-cut'))).toEqual([false, false]);
});

test('a key reads its own line alone, also when the line before it was edited in the same frame', () => {
  wanted = LONG;
  const view = fitted('a\nb\nc');
  const text = vi.spyOn(Node.prototype, 'textContent', 'get');
  edit(view, 'b', 'bb');
  edit(view, 'a', 'aa');
  measure(view);
  expect(new Set(text.mock.contexts)).toEqual(new Set(marks(view).slice(0, 2).map(lineOf)));
  text.mockRestore();
  expect(marks(view).map(mark => mark.style.maxWidth)).toEqual(['468px', '468px', '478px']);
});

test('lines that are joined are measured', () => {
  wanted = LONG;
  const view = fitted('a\nb\nc');
  change(view, 3, 4, '');
  measure(view);
  expect(measured).toContain('bc');
  expect(marks(view).map(mark => mark.style.maxWidth)).toEqual(['478px', '468px', '40px']);
});

test('a key measures its own line alone', () => {
  wanted = LONG;
  const view = fitted('a\nb\nc');
  expect([...measured]).toEqual(['a', 'b', 'c']);
  edit(view, 'b', 'bb');
  measure(view);
  expect([...measured]).toEqual(['bb']);
  expect(marks(view)[1].style.maxWidth).toBe('468px');
});

test('another width measures all lines', () => {
  wanted = LONG;
  const view = fitted('a\nb');
  width = 300;
  edit(view, 'b', 'bb');
  measure(view);
  expect([...measured]).toEqual(['a', 'bb']);
  expect(marks(view).map(mark => mark.style.maxWidth)).toEqual(['278px', '268px']);
});
