import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Page, structure } from '../support/flow';
import { allOf, node, randomNode, randomPatch } from '../support/flow_trees';
import type { Plain } from '../support/flow_trees';
import { Random } from '../support/random';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

/** Milliseconds that a law may take to be tried, on a machine that does other things too. */
const SLOW = 60_000;

const list = (...ids: number[]): Plain => node('ul', 1, {}, ids.map(id => node('li', id, {}, `item ${id}`)));

describe('showing', () => {
  test('a tree is shown with its attributes, texts and ids', () => {
    const { html } = new Page(
      node('div', 100, { class: 'counter', style: 'color: red' }, [
        node('span', 101, {}, 'Count: 0'),
        node('#text', 102, {}, 'and'),
        node('b', 103, { id: 'mine', hidden: true, 'data-n': 3 })
      ])
    );
    expect(html).toBe(
      '<div class="counter" style="color: red;" id="flow-100"><span id="flow-101">Count: 0</span>and' +
        '<b id="mine" hidden="" data-n="3"></b></div>'
    );
  });

  test('a text is never HTML', () => {
    const { html } = new Page(node('p', 1, { title: '"<b>' }, '<img src=x onerror=alert(1)>'));
    expect(html).toBe('<p title="&quot;<b>" id="flow-1">&lt;img src=x onerror=alert(1)&gt;</p>');
  });

  test('a root without an element stands in the place of the view itself', () => {
    const page = new Page(node('#fragment', 1, {}, [node('i', 2, {}, 'a'), node('i', 3, {}, 'b')]));
    expect(page.html).toBe('<i id="flow-2">a</i><i id="flow-3">b</i>');
    page.patch([['insert', 1, 2, [node('u', 9, {}, 'c')]], ['remove', 2]]);
    expect(page.html).toBe('<u id="flow-9">c</u><i id="flow-3">b</i>');
  });

  test('what is inside an svg is of its namespace, and what is inside its foreignObject is HTML', () => {
    const page = new Page(
      node('svg', 1, { viewBox: '0 0 1 1' }, [node('foreignObject', 2, {}, [node('p', 3, {}, 'words')]), node('a', 4)])
    );
    page.patch([['insert', 1, null, [node('circle', 5, { r: 2 })]]]);
    const namespaces = ['svg', 'p', 'a', 'circle'].map(each => page.find<Element>(each).namespaceURI?.slice(-4));
    expect(namespaces).toEqual(['/svg', 'html', '/svg', '/svg']);
    expect(page.find<Element>('svg').getAttribute('viewBox')).toBe('0 0 1 1');
  });

  test('what could run a script is not shown, and said once', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const page = new Page(
      node('div', 1, { onclick: 'alert(1)' }, [
        node('script', 2, {}, 'alert(2)'),
        node('a', 3, { href: ' java\nscript:alert(3)', title: 'kept' }),
        node('iframe', 4, { srcdoc: '<b>' })
      ])
    );
    expect(page.html).toBe(
      '<div id="flow-1"><div id="flow-2">alert(2)</div><a title="kept" id="flow-3"></a><iframe id="flow-4"></iframe></div>'
    );
    page.patch([['set', 3, 'href', 'javascript:alert(5)'], ['set', 1, 'onclick', 'x']]);
    expect(page.html).not.toMatch(/javascript|onclick/);
    expect(warned).toHaveBeenCalledTimes(4);
    warned.mockRestore();
  });
});

describe('changing', () => {
  test('whatever the patch, the page is then as one that was shown anew', () => {
    const random = new Random(11);
    for (let run = 0; run < 40; run++) {
      const first = { id: 1000 };
      const root = randomNode(random, first);
      const page = new Page(structuredClone(root));
      for (let step = 0; step < 4; step++) {
        const said = JSON.stringify(root);
        const patch = randomPatch(random, root, first, 1 + random.below(8));
        page.patch(patch);
        const fresh = new Page(structuredClone(root));
        expect(structure(page.content), `${said}\n${JSON.stringify(patch)}`).toEqual(structure(fresh.content));
        fresh.close();
      }
      page.close();
    }
  }, SLOW);

  test('whatever the snapshot, the page is then as one shown anew, and known elements keep their DOM nodes', () => {
    const random = new Random(23);
    for (let run = 0; run < 40; run++) {
      const first = { id: 1000 };
      const root = randomNode(random, first);
      const page = new Page(structuredClone(root));
      const kept = new Map(allOf(root).map(({ id, tag }) => [`${id} ${tag}`, page.content.querySelector(`#flow-${id}`)]));
      randomPatch(random, root, first, 12);
      page.snapshot(structuredClone(root));
      const fresh = new Page(structuredClone(root));
      expect(structure(page.content)).toEqual(structure(fresh.content));
      for (const { id, tag } of allOf(root)) {
        const past = kept.get(`${id} ${tag}`);
        if (past) expect(page.content.querySelector(`#flow-${id}`)).toBe(past);
      }
      page.close();
    }
  }, SLOW);

  test('a child that moves keeps its DOM node, its focus and its caret', () => {
    const page = new Page(node('div', 1, {}, [node('input', 2, { value: 'some words' }), node('p', 3)]));
    const input = page.find<HTMLInputElement>('input');
    input.focus();
    input.setSelectionRange(2, 4);
    page.patch([['move', 1, null, 2]]);
    expect(page.find('p').nextSibling).toBe(input);
    expect([document.activeElement, input.selectionStart, input.selectionEnd]).toEqual([input, 2, 4]);
  });

  test('an element that changes its parent keeps its DOM node and what was typed', () => {
    const page = new Page(node('div', 1, {}, [node('p', 2, {}, [node('section', 3, {}, [node('input', 4)])]), node('p', 5)]));
    const input = page.find<HTMLInputElement>('input');
    input.value = 'typed';
    page.patch([['remove', 2], ['insert', 5, null, [node('b', 6, {}, [node('input', 4, { title: 'new' })])]]]);
    expect(page.find('input')).toBe(input);
    expect(page.html).toBe('<div id="flow-1"><p id="flow-5"><b id="flow-6"><input id="flow-4" title="new"></b></p></div>');
    expect(input.value).toBe('typed');
  });

  test('what was inside an element may become what is around it', () => {
    const inner = (id: number): Plain => node('div', id, {}, 'x');
    const page = new Page(node('main', 1, {}, [node('div', 2, {}, [node('div', 3, {}, [inner(4)])])]));
    const [two, three] = [page.find('#flow-2'), page.find('#flow-3')];
    page.patch([['text', 1, ''], ['insert', 1, null, [node('div', 3, {}, [node('div', 2, {}, [inner(4)])])]]]);
    expect(page.html).toBe('<main id="flow-1"><div id="flow-3"><div id="flow-2"><div id="flow-4">x</div></div></div></main>');
    expect([page.find('#flow-2'), page.find('#flow-3')]).toEqual([two, three]);
  });

  test('the last card of a column goes over to another one', () => {
    const page = new Page(node('div', 1, {}, [list(10), node('ol', 2)]));
    page.patch([['text', 1, '']]);
    expect(page.html).toBe('<div id="flow-1"></div>');
    page.snapshot(node('div', 1, {}, [node('ul', 3, {}, [node('li', 10, {}, 'card')]), node('ol', 2)]));
    const card = page.find('li');
    page.patch([['text', 3, ''], ['insert', 2, null, [node('li', 10, {}, 'card')]]]);
    expect(page.find('ol').firstChild).toBe(card);
    expect(page.find('ul').childNodes.length).toBe(0);
  });

  test('a root that becomes another stands in its place', () => {
    const page = new Page(list(2, 3));
    page.patch([['replace', 1, node('p', 1, {}, 'none')]]);
    expect(page.html).toBe('<p id="flow-1">none</p>');
    page.patch([['replace', 1, node('#fragment', 8, {}, [node('b', 9)])]]);
    expect(page.html).toBe('<b id="flow-9"></b>');
    page.patch([['replace', 8, node('#fragment', 10, {}, [node('b', 9, {}, 'x'), node('i', 11)])]]);
    expect(page.html).toBe('<b id="flow-9">x</b><i id="flow-11"></i>');
  });

  test('an attribute that is taken away is gone, and an id of its own gives way to the tree\'s', () => {
    const page = new Page(node('p', 1, { id: 'mine', style: 'color: red', class: 'a' }));
    page.patch([['unset', 1, 'id'], ['unset', 1, 'style'], ['unset', 1, 'class']]);
    expect(page.html).toBe('<p id="flow-1"></p>');
  });

  test('two views of a root show the same, each with DOM nodes of its own', () => {
    const page = new Page(list(2, 3));
    page.patch([['text', 2, 'new']]);
    const second = page.show();
    page.patch([['move', 1, 2, 3], ['insert', 1, null, [node('li', 4)]]]);
    expect(second.content.innerHTML).toBe(page.html);
    expect(page.html).toContain('<li id="flow-3">item 3</li><li id="flow-2">new</li><li id="flow-4">');
    second.end();
    page.patch([['remove', 4]]);
    expect(page.html).not.toContain('flow-4');
  });

  test('an element with autofocus gets the focus when it is inserted, but not when a notebook is opened', () => {
    const page = new Page(node('div', 1, {}, [node('input', 2, { autofocus: true })]));
    expect(document.activeElement).toBe(document.body);
    page.patch([['insert', 1, null, [node('input', 3, { autofocus: true })]]]);
    expect(document.activeElement?.id).toBe('flow-3');
  });

  test('a method is called on the element, if it is a harmless one', () => {
    const page = new Page(node('input', 1));
    const input = page.find<HTMLInputElement>('input');
    page.patch([['call', 1, 'focus', []], ['call', 1, 'remove', []]]);
    expect(document.activeElement).toBe(input);
  });
});

describe('controls', () => {
  test('of a select for several, the value has one choice in each line', () => {
    const page = new Page(
      node('select', 1, { multiple: true, value: 'a\nb c' }, ['a', 'b', 'b c'].map((value, at) => node('option', 2 + at, { value })))
    );
    expect(Array.from(page.find<HTMLSelectElement>('select').selectedOptions, each => each.value)).toEqual(['a', 'b c']);
  });

  test('a value is set as the property, after what bounds it and the children it chooses from', () => {
    const page = new Page(
      node('form', 1, {}, [
        node('input', 2, { value: 150, type: 'range', max: 200 }),
        node('textarea', 3, { value: 'lines' }),
        node('select', 4, { value: 'b' }, [node('option', 5, { value: 'a' }), node('option', 6, { value: 'b' })]),
        node('input', 7, { type: 'checkbox', checked: true })
      ])
    );
    const values = ['input', 'textarea', 'select'].map(each => page.find<HTMLInputElement>(each).value);
    expect(values).toEqual(['150', 'lines', 'b']);
    const box = page.find<HTMLInputElement>('#flow-7');
    expect(box.checked).toBe(true);
    box.checked = false;
    page.patch([['unset', 7, 'checked'], ['set', 7, 'checked', true], ['unset', 2, 'value']]);
    expect([box.checked, page.find<HTMLInputElement>('#flow-2').value]).toEqual([true, '100']);
  });

  test('a select whose options change keeps what is chosen', () => {
    const option = (id: number, value: string): Plain => node('option', id, { value }, value);
    const page = new Page(node('select', 1, {}, [option(2, 'a'), option(3, 'b')]));
    const select = page.find<HTMLSelectElement>('select');
    select.value = 'b';
    page.patch([['remove', 3], ['insert', 1, 2, [option(4, 'z'), option(5, 'b')]]]);
    expect(select.value).toBe('b');
    page.patch([['text', 1, ''], ['set', 1, 'value', 'y'], ['insert', 1, null, [option(6, 'x'), option(7, 'y')]]]);
    expect(select.value).toBe('y');
  });

  test('a select whose options become others shows what it is told to, and else keeps what is chosen', () => {
    const option = (id: number, inside: string | Plain[], props = {}): Plain => node('option', id, props, inside);
    const page = new Page(node('select', 1, { value: 'Bergen' }, [option(2, 'Oslo'), option(3, [node('#text', 4, {}, 'Bergen')])]));
    const select = page.find<HTMLSelectElement>('select');
    page.patch([['text', 2, 'Rome'], ['text', 4, 'Milan']]);
    expect(select.value).toBe('');
    page.patch([['text', 2, 'Bergen']]);
    expect(select.selectedIndex).toBe(0);
    page.patch([['set', 2, 'value', 'Rome'], ['set', 3, 'value', 'Bergen']]);
    expect(select.selectedIndex).toBe(1);
    page.snapshot(node('select', 1, { value: 'Bergen' }, [option(2, 'Rome'), option(3, [node('#text', 4, {}, 'Turin')])]));
    expect(select.value).toBe('');
    page.patch([['set', 2, 'value', 'r'], ['set', 3, 'value', 't']]);
    select.value = 't';
    page.patch([['text', 2, 'Roma'], ['text', 4, 'Torino']]);
    expect(select.value).toBe('t');
  });

  test('a value that is there already leaves the caret alone, another one keeps it in place', () => {
    const page = new Page(node('input', 1, { value: 'abcdef' }));
    const input = page.find<HTMLInputElement>('input');
    input.focus();
    input.setSelectionRange(3, 3);
    page.patch([['set', 1, 'value', 'abcdef']]);
    expect(input.selectionStart).toBe(3);
    page.patch([['set', 1, 'value', 'ABCDEF']]);
    expect([input.value, input.selectionStart]).toEqual(['ABCDEF', 3]);
  });
});
