import { EditorView } from '@codemirror/view';
import { beforeEach, expect, test, vi } from 'vitest';

import { show } from '../../lab/src/marks';
import { DEFAULTS } from '../../lab/src/options';
import { Runs } from '../../lab/src/runs';
import { editor } from '../support/editor';
import { KernelLog } from '../support/kernel_log';

/** Pixels: jsdom lays nothing out. */
const LETTER = 10;
let width = 0;
let wide = LETTER;

beforeEach(() => {
  width = 400;
  wide = LETTER;
  vi.restoreAllMocks();
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  vi.spyOn(EditorView.prototype, 'defaultCharacterWidth', 'get').mockReturnValue(LETTER);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockImplementation(() => width);
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
    measureText: (text: string) => ({ width: text === 'W' ? wide : LETTER })
  } as unknown as null);
});

/** How the mark of an editor's one line is shown, now that the editor has been measured. */
async function kind(view: EditorView): Promise<string> {
  (view as unknown as { measure(): void }).measure();
  await Promise.resolve();
  return view.contentDOM.querySelector('.cm-line.sf-mark') ? 'words' : 'element';
}

function marked(): EditorView {
  const view = editor('a = 1');
  const log = new KernelLog();
  log.begin('a', 'a = 1').start(0).finish(0, { value: 'twenty letters, more', duration: 0 }).end();
  const runs = new Runs();
  log.events.forEach(event => runs.apply(event));
  show(view, runs.last, DEFAULTS, { enter: vi.fn(), leave: vi.fn(), click: vi.fn() });
  return view;
}

test('an editor that is wide enough for a mark shows it in its line, a narrow one as an element', async () => {
  expect(await kind(marked())).toBe('words');
  width = 300;
  expect(await kind(marked())).toBe('element');
});

test('the next editor is taken to be as wide as the last one', async () => {
  await kind(marked());
  expect(marked().contentDOM.querySelector('.cm-line.sf-mark')).not.toBeNull();
  width = 300;
  await kind(marked());
  expect(marked().contentDOM.querySelector('.cm-line.sf-mark')).toBeNull();
});

test('where letters are of different widths nothing is certain', async () => {
  wide = 1.5 * LETTER;
  expect(await kind(marked())).toBe('element');
});

test('an editor that is hidden is taken to be as wide as the last one, too', async () => {
  await kind(marked());
  width = 0;
  expect(await kind(marked())).toBe('words');
});

test('an editor that is gone by then is left alone', async () => {
  const view = marked();
  width = 100;
  (view as unknown as { measure(): void }).measure();
  const dispatched = vi.spyOn(view, 'dispatch');
  view.destroy();
  await Promise.resolve();
  expect(dispatched).not.toHaveBeenCalled();
});
