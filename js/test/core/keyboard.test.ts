import { afterEach, expect, test } from 'vitest';

import { Page } from '../support/flow';
import { node } from '../support/flow_trees';

afterEach(() => document.body.replaceChildren());

const MARK = 'data-lm-suppress-shortcuts';

/** What a notebook sees of a key: whether it may act on it at the document, and whether it came up to it. */
function pressed(page: Page, selector: string, key: string, init: KeyboardEventInit = {}): [early: boolean, late: boolean] {
  const element = page.find(selector);
  let [early, late] = [false, false];
  const capture = (): void => void (early = !element.hasAttribute(MARK));
  const bubble = (): void => void (late = true);
  document.addEventListener('keydown', capture, true);
  document.addEventListener('keydown', bubble);
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  document.removeEventListener('keydown', capture, true);
  document.removeEventListener('keydown', bubble);
  return [early, late];
}

function controls(): Page {
  return new Page(
    node('div', 1, {}, [
      node('input', 2),
      node('select', 3),
      node('button', 4),
      node('input', 5, { type: 'range' }),
      node('p', 6, {}, 'words'),
      node('p', 7, { contenteditable: 'true' }),
      node('ul', 8, { tabindex: 0 }),
      node('canvas', 9, { tabindex: 0 }),
      node('canvas', 10)
    ])
  );
}

test.each([
  ['#flow-2', 'x', {}],
  ['#flow-2', 'Enter', {}],
  ['#flow-2', 'z', { ctrlKey: true }],
  ['#flow-3', 'd', {}],
  ['#flow-4', 'Enter', {}],
  ['#flow-4', ' ', {}],
  ['#flow-5', 'ArrowDown', {}],
  ['#flow-7', 'a', {}],
  ['#flow-8', 'ArrowDown', {}]
])('%s keeps %j to itself', (selector, key, init) => {
  expect(pressed(controls(), selector, key, init)).toEqual([false, false]);
});

test.each([
  ['#flow-2', 'Escape', {}],
  ['#flow-2', 'Enter', { shiftKey: true }],
  ['#flow-2', 'Enter', { ctrlKey: true }],
  ['#flow-2', 's', { ctrlKey: true }],
  ['#flow-4', 'a', {}],
  ['#flow-4', 'ArrowDown', {}],
  ['#flow-4', 'Enter', { shiftKey: true }],
  ['#flow-6', 'x', {}]
])('%s leaves %j to the notebook', (selector, key, init) => {
  expect(pressed(controls(), selector, key, init)).toEqual([true, true]);
});

test.each([
  ['#flow-9', 'x', {}, false],
  ['#flow-9', 'ArrowLeft', {}, false],
  ['#flow-9', 'Tab', {}, true],
  ['#flow-9', 'Escape', {}, true],
  ['#flow-9', 's', { ctrlKey: true }, true],
  ['#flow-10', 'x', {}, true]
])('%s, a canvas that keys are told of or not: whether the notebook has %j with %j is %s', (selector, key, init, isHeard) => {
  expect(pressed(controls(), selector, key, init)).toEqual([isHeard, isHeard]);
});

function listening(): Page {
  return new Page(
    node('div', 9, {}, [
      node('div', 1, { on_keydown: true }, [
        node('p', 2, { tabindex: 0 }, 'played with keys'),
        node('input', 3),
        node('button', 4)
      ]),
      node('div', 5, { on_keydown: { keys: ['a', 'Tab'] }, tabindex: 0 }),
      node('div', 6, { on_keyup: true, tabindex: 0 })
    ])
  );
}

test.each([
  ['#flow-2', 'd', {}, false],
  ['#flow-2', 'Enter', { shiftKey: true }, false],
  ['#flow-2', 'Tab', {}, true],
  ['#flow-2', 'Escape', {}, true],
  ['#flow-2', 's', { ctrlKey: true }, true],
  ['#flow-3', 's', { ctrlKey: true }, true],
  ['#flow-4', 'd', {}, false],
  ['#flow-5', 'a', {}, false],
  ['#flow-5', 'Tab', {}, false],
  ['#flow-5', 'b', {}, true],
  ['#flow-6', 'b', {}, false]
])('%s, where an element listens to keys: whether the notebook has %j with %j is %s', (selector, key, init, isHeard) => {
  expect(pressed(listening(), selector, key, init)).toEqual([isHeard, isHeard]);
});

test('the mark is gone when the key has been heard', async () => {
  const page = controls();
  pressed(page, '#flow-2', 'x');
  await new Promise(resolve => setTimeout(resolve, 5));
  expect(page.find('#flow-2').hasAttribute(MARK)).toBe(false);
});

test('an element that listens to a key is told although the notebook is not', () => {
  const page = new Page(node('div', 1, { on_keydown: true }, [node('input', 2)]));
  pressed(page, 'input', 'x');
  expect(page.model.events).toMatchObject([{ key: 'x', target_id: 'flow-1' }]);
});
