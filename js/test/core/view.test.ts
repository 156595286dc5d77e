import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { page } from '../support/flow';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

test('a tree is shown with its attributes, texts and ids', () => {
  const { content } = page(
    [['div', { class: 'counter', style: 'color: red' }], ['span'], ['#text'], ['b', { id: 'mine', hidden: true }]],
    [0, 100, [[1, 1, 'Count: 0'], [2, 1, 'and'], [3, 1]]]
  );
  expect(content.innerHTML).toBe(
    '<div class="counter" style="color: red;" id="flow-100"><span id="flow-101">Count: 0</span>and' +
      '<b id="mine" hidden=""></b></div>'
  );
});

test('a root without an element stands in the place of the view itself', () => {
  const { content, patch } = page([['#fragment'], ['i']], [0, 1, [[1, 1, 'a'], [1, 1, 'b']]]);
  expect(content.innerHTML).toBe('<i id="flow-2">a</i><i id="flow-3">b</i>');
  patch([['insert', 1, 1, [[0, 7, 'c']]], ['remove', -7]], [['u']]);
  expect(content.innerHTML).toBe('<u id="flow-9">c</u><i id="flow-3">b</i>');
});

test('a click is told with its element and its serial number, and answered by a patch', () => {
  const { content, model, patch, page: name } = page([['div'], ['span'], ['button', { on_click: true }]], [0, 5, [[1, 1, '0'], [2, 1, 'Go']]]);
  content.querySelector('button')?.click();
  expect(model.events).toMatchObject([{ type: 'click', target_id: 'flow-7', button: 0, alt: false }]);
  expect(model.ofKind('event')[0]).toMatchObject({ page: name, serial: 1 });
  patch([['text', 6, '1']], [], 1);
  expect(content.querySelector('span')?.textContent).toBe('1');
});
