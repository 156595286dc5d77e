import { afterEach, expect, test } from 'vitest';

import { Page } from '../support/flow';
import { node } from '../support/flow_trees';

afterEach(() => document.body.replaceChildren());

function failed(): Page {
  const page = new Page(node('button', 1, {}, 'Go'));
  for (const id of [1, 2]) {
    page.model.hear({ kind: 'error', id, title: `ValueError: <b>${id}`, traceback: 'line\n  line', where: "on_click of Button('Go')" });
  }
  return page;
}

const titles = (page: Page, selector = '.flow-error-title'): string[] =>
  Array.from(page.first.el.querySelectorAll(selector), each => each.textContent ?? '');

test('errors are listed above the tree, the newest first, as text, with where they happened and the traceback folded', () => {
  const page = failed();
  expect(titles(page)).toEqual(['ValueError: <b>2', 'ValueError: <b>1']);
  expect(titles(page, '.flow-error-where')[0]).toBe("in on_click of Button('Go')");
  const details = page.first.el.querySelector('details');
  expect([details?.open, details?.querySelector('pre')?.textContent]).toEqual([false, 'line\n  line']);
  expect(page.first.el.querySelector('[role=alert]')?.children.length).toBe(2);
});

test('an error is dismissed by its button, the newest by Escape, in every view', () => {
  const page = failed();
  const second = page.show();
  page.first.el.querySelector<HTMLElement>('[aria-label=Dismiss]')?.click();
  expect(titles(page)).toEqual(['ValueError: <b>1']);
  page.find('button').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect([titles(page), second.el.querySelectorAll('.flow-error').length]).toEqual([[], 0]);
});

test('no more than the newest twenty errors are listed', () => {
  const page = failed();
  for (let id = 3; id < 30; id++) page.model.hear({ kind: 'error', id, title: `E${id}`, traceback: '' });
  expect(titles(page)).toHaveLength(20);
  expect(titles(page)[0]).toBe('E29');
});

test('equal errors in a row are one, which tells how many they are and stays as it was opened', () => {
  const page = failed();
  const fail = (id: number, title = 'E'): void => page.model.hear({ kind: 'error', id, title, traceback: 'line' });
  fail(3);
  const details = page.first.el.querySelector('details');
  details?.setAttribute('open', '');
  for (let id = 4; id < 40; id++) fail(id);
  expect(titles(page)).toEqual(['E', 'ValueError: <b>2', 'ValueError: <b>1']);
  expect(titles(page, '.flow-error-times')).toEqual(['× 37', '', '']);
  expect([details?.isConnected, details?.open]).toEqual([true, true]);
  fail(39); // as where it is told again
  fail(40, 'other');
  fail(41);
  expect(titles(page, '.flow-error-times')).toEqual(['', '', '× 37', '', '']);
});

test('when an error is dismissed by its button, the next one has the focus', () => {
  const page = failed();
  const buttons = page.first.el.querySelectorAll<HTMLElement>('[aria-label=Dismiss]');
  buttons[0]?.click();
  expect(document.activeElement).toBe(buttons[1]);
  buttons[1]?.click();
  expect(document.activeElement).toBe(document.body);
});
