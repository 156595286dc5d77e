import { afterEach, expect, test } from 'vitest';

import { adopt } from '../../src/page/adopt';

afterEach(() => document.body.replaceChildren());

/** A picture in the page, and the live tree that is to take its place, with the events that happen in it. */
function pair(html: string, liveHtml = html): { picture: HTMLElement; live: HTMLElement; events: string[] } {
  const [picture, live] = [document.createElement('div'), document.createElement('div')];
  picture.innerHTML = html;
  live.innerHTML = liveHtml;
  document.body.append(picture);
  const events: string[] = [];
  for (const kind of ['input', 'change']) {
    live.addEventListener(kind, event => events.push(`${kind} ${(event.target as HTMLInputElement).name}`));
  }
  return { picture, live, events };
}

function control<T extends HTMLElement = HTMLInputElement>(root: HTMLElement, name: string): T {
  return root.querySelector<T>(`[name=${name}]`)!;
}

test('the live tree takes the place of the picture, and untouched controls say nothing', () => {
  const { picture, live, events } = pair('<input name="a" value="x"><input name="b" type="checkbox" checked><select name="c"><option>1<option>2</select>');
  const after = document.createElement('p');
  document.body.append(after);
  adopt(picture, live);
  expect([...document.body.children]).toEqual([live, after]);
  expect(events).toEqual([]);
});

test('what was typed, ticked and chosen is kept and told', () => {
  const { picture, live, events } = pair(
    '<input name="a" value="x"><textarea name="b">old</textarea><input name="c" type="checkbox" checked>' +
      '<select name="d"><option>1<option>2</select><select name="e" multiple><option selected>1<option>2</select>'
  );
  control(picture, 'a').value = 'typed';
  control<HTMLTextAreaElement>(picture, 'b').value = '';
  control(picture, 'c').checked = false;
  control<HTMLSelectElement>(picture, 'd').value = '2';
  control<HTMLSelectElement>(picture, 'e').options[1]!.selected = true;
  adopt(picture, live);
  expect(control(live, 'a').value).toBe('typed');
  expect(control<HTMLTextAreaElement>(live, 'b').value).toBe('');
  expect(control(live, 'c').checked).toBe(false);
  expect(control<HTMLSelectElement>(live, 'd').value).toBe('2');
  expect([...control<HTMLSelectElement>(live, 'e').selectedOptions].map(each => each.text)).toEqual(['1', '2']);
  expect(events).toEqual(['a', 'b', 'c', 'd', 'e'].flatMap(name => [`input ${name}`, `change ${name}`]));
});

test('the focus and the selection stay, and what is still being typed is not told as done', () => {
  const { picture, live, events } = pair('<input name="a"><input name="b">');
  const was = control(picture, 'b');
  was.focus();
  was.value = 'half a word';
  was.setSelectionRange(2, 5);
  adopt(picture, live);
  const is = control(live, 'b');
  expect(document.activeElement).toBe(is);
  expect([is.selectionStart, is.selectionEnd]).toEqual([2, 5]);
  expect(events).toEqual(['input b']);
});

test('controls are known by kind and name, not by their place', () => {
  const { picture, live } = pair('<input name="a"><input name="b">', '<button></button><input name="b"><input name="new"><input name="a">');
  control(picture, 'a').value = 'one';
  control(picture, 'b').value = 'two';
  adopt(picture, live);
  expect(['a', 'b', 'new'].map(name => control(live, name).value)).toEqual(['one', 'two', '']);
});

test('a control that is not there any more is let go of', () => {
  const { picture, live, events } = pair('<input name="a">', '<p>gone</p>');
  control(picture, 'a').value = 'typed';
  control(picture, 'a').focus();
  adopt(picture, live);
  expect(live.isConnected).toBe(true);
  expect(events).toEqual([]);
});

test('a radio button that was chosen is chosen, and the others are not', () => {
  const { picture, live } = pair('<input name="a" type="radio" value="1" checked><input name="a" type="radio" value="2">');
  picture.querySelectorAll('input')[1]!.checked = true;
  adopt(picture, live);
  expect([...live.querySelectorAll('input')].map(each => each.checked)).toEqual([false, true]);
});
