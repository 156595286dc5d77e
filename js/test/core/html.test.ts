import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import sanitize from '../../src/sanitizer';
import type { Page as PageOf } from '../support/flow';
import { node } from '../support/flow_trees';

const HOSTILE = join(dirname(fileURLToPath(import.meta.url)), '../../../tests/wire/hostile.json');
const FILE = new URL('../../src/sanitizer.ts', import.meta.url).pathname;
/** Stands for the module, and shows that it was asked. */
const TEXT = 'export default html => { const box = new DocumentFragment(); box.append("clean: " + html); return box; }';

/** Each page of these is the first that loads the module. */
let Page: typeof PageOf;

beforeEach(async () => {
  vi.resetModules();
  ({ Page } = await import('../support/flow'));
  URL.createObjectURL = blob => (urls.push(blob as Blob), `data:text/javascript,${encodeURIComponent(TEXT)}#${urls.length}`);
  URL.revokeObjectURL = vi.fn();
});

afterEach(() => {
  document.body.replaceChildren();
  urls.length = 0;
  (globalThis as { sideflowModules?: Map<string, unknown> }).sideflowModules?.clear();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const urls: Blob[] = [];

test('raw HTML is shown without what could run a script or restyle the page', async () => {
  const page = new Page(node('p', 1));
  page.model.sanitizer = FILE;
  page.snapshot(
    node('#html', 1, {
      html: '<table border="1"><tr><td onclick="x()">1</td></tr></table><script>x()</script><style>p{}</style><a href="javascript:x()">a</a>'
    })
  );
  const box = page.find('.flow-html');
  await vi.waitUntil(() => box.hasChildNodes());
  expect([box.id, box.querySelector('td')?.outerHTML, box.querySelector('a')?.outerHTML]).toEqual(['flow-1', '<td>1</td>', '<a>a</a>']);
  expect(page.html).not.toMatch(/script|style|onclick/);
  page.patch([['set', 1, 'html', '<b>new</b>'], ['set', 1, 'class', 'mine']]);
  expect(page.html).toBe('<div class="mine flow-html" id="flow-1"><b>new</b></div>');
});

test('nothing is loaded for a tree without raw HTML', async () => {
  const page = new Page(node('p', 1, {}, 'text'));
  page.model.state.set('sanitizer', TEXT);
  await new Promise(resolve => setTimeout(resolve));
  expect(urls).toEqual([]);
});

test('until what sanitises is there nothing is shown, and then what is to be shown by then', async () => {
  const page = new Page(node('div', 1, {}, [node('#html', 2, { html: 'first' }), node('#html', 3, { html: 'goes' }), node('input', 4)]));
  const [box, leaving, input] = [page.find('#flow-2'), page.find('#flow-3'), page.find<HTMLInputElement>('#flow-4')];
  input.focus();
  input.value = 'typed';
  page.patch([['set', 2, 'html', 'second']]);
  page.patch([['remove', 3]]);
  expect([box.innerHTML, leaving.isConnected]).toEqual(['', false]);
  page.model.state.set('sanitizer', TEXT);
  await vi.waitUntil(() => box.hasChildNodes());
  expect(page.content.textContent).toBe('clean: second');
  expect([document.activeElement, input.value]).toEqual([input, 'typed']);
  page.patch([['set', 2, 'html', 'third']]);
  expect(box.textContent).toBe('clean: third');
});

test('a node that takes the place of one that waits shows its own', async () => {
  const page = new Page(node('div', 1, {}, [node('#html', 2, { html: 'old' })]));
  page.patch([['replace', 2, node('#html', 3, { html: 'new' })]]);
  page.model.state.set('sanitizer', TEXT);
  await vi.waitUntil(() => page.content.textContent);
  expect(page.content.textContent).toBe('clean: new');
});

test('its text is in the one model of the kernel, and becomes one module, whichever tree shows raw HTML first', async () => {
  const asked: string[] = [];
  const manager = {
    get_model: async (id: string) => {
      asked.push(id);
      return { get: (name: string) => (name === 'sanitizer' ? TEXT : '') };
    }
  };
  const pages = ['one', 'two'].map(html => {
    const page = new Page(node('p', 1), manager);
    page.model.state.set('runtime', 'IPY_MODEL_abc');
    page.snapshot(node('#html', 1, { html }));
    return page;
  });
  await vi.waitUntil(() => pages.every(each => each.content.textContent));
  expect(pages.map(each => each.content.textContent)).toEqual(['clean: one', 'clean: two']);
  expect([asked, urls.length]).toEqual([['abc', 'abc'], 1]);
});

test('a page that cannot load it says so and lives, and the next raw HTML tries again', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const told = vi.spyOn(console, 'error').mockReturnValue();
  const page = new Page(node('div', 1, {}, [node('#html', 2, { html: '<b>first</b>' }), node('p', 3, {}, 'text')]));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(page.html).not.toContain('<b>');
  expect(page.find('.flow-html').className).toBe('flow-html flow-note');
  expect(page.find('.flow-html').textContent).toContain('cannot show it');
  expect(told).toHaveBeenCalledOnce();
  page.patch([['text', 3, 'other text']]);
  expect(page.find('#flow-3').textContent).toBe('other text');

  page.model.state.set('sanitizer', TEXT);
  page.patch([['set', 2, 'html', 'second']]);
  await vi.waitUntil(() => page.find('.flow-html').textContent === 'clean: second');
  expect(page.find('.flow-html').className).toBe('flow-html');
});

describe('of raw HTML that somebody hostile wrote', () => {
  test.each(JSON.parse(readFileSync(HOSTILE, 'utf8')) as [string, string][])('what a static page shows is left: %s', (html, left) => {
    expect(cleaned(html)).toBe(left);
  });

  test.each([
    ['<p style="width:{} position:fixed">p</p>', '<p>p</p>'],
    ['<p style="color:red/*;position:fixed">p</p>', '<p>p</p>'],
    ['<svg viewBox="0 0 1 1"><circle r="1" fill="url(https://a.test/x)" stroke="red"></circle></svg>', '<svg viewBox="0 0 1 1"><circle r="1" stroke="red"></circle></svg>'],
    ['<svg><use href="#x"></use><animate attributeName="href"></animate><image href="x"></image></svg>', '<svg></svg>'],
    ['<audio controls autoplay src="data:audio/wav;base64,AA"></audio><video src="data:text/html,x"></video>', '<audio controls="" src="data:audio/wav;base64,AA"></audio><video></video>']
  ])('what can only be seen or heard is left: %s', (html, left) => {
    expect(cleaned(html)).toBe(left);
  });
});

function cleaned(html: string): string {
  const box = document.createElement('div');
  box.append(sanitize(html));
  return box.innerHTML;
}
