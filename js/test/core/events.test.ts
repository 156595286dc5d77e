import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Page } from '../support/flow';
import { node } from '../support/flow_trees';

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const ON = true as const;

function fire(target: Element, type: string, init: EventInit = {}): Event {
  const event = new Event(type, { bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function typeInto(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, data: text.at(-1) ?? null }));
}

describe('who is told', () => {
  test('a click is told with the element that listens, its serial number and its page', () => {
    const page = new Page(node('button', 7, { on_click: ON }, [node('b', 8, {}, 'Go')]));
    page.find('b').click();
    expect(page.model.ofKind('event')).toMatchObject([
      { page: page.name, serial: 1, event: { type: 'click', target_id: 'flow-7', button: 0, alt: false, client_x: 0, width: 0, height: 0 } }
    ]);
  });

  test('each element that listens is told, the innermost first, until one stops it', () => {
    const page = new Page(
      node('main', 1, { on_click: ON }, [
        node('div', 2, { on_click: { stop_propagation: true } }, [node('p', 3, {}, [node('b', 4, { on_click: ON }, 'x')])])
      ])
    );
    page.find('b').click();
    expect(page.model.events.map(each => each.target_id)).toEqual(['flow-4', 'flow-2']);
  });

  test('an element that listens no more is not told, and one that came later is', () => {
    const page = new Page(node('div', 1, {}, [node('button', 2, { on_click: ON }, 'x')]));
    page.patch([['unset', 2, 'on_click'], ['insert', 1, null, [node('i', 3, { on_dblclick: ON })]], ['set', 1, 'on_keydown', true]]);
    page.find('button').click();
    fire(page.find('i'), 'dblclick');
    page.find('i').dispatchEvent(new KeyboardEvent('keydown', { key: 'x', code: 'KeyX', bubbles: true }));
    expect(page.model.events).toMatchObject([
      { type: 'dblclick', target_id: 'flow-3' },
      { type: 'keydown', target_id: 'flow-1', key: 'x', code: 'KeyX', repeat: false, shift: false }
    ]);
  });

  test('an event that does not bubble is told to the element alone where it happens', () => {
    const page = new Page(node('div', 1, { on_focus: ON, on_toggle: ON }, [node('input', 2, { on_focus: ON, value: 'v' }), node('details', 3, { on_toggle: ON, open: true })]));
    page.find('input').focus();
    fire(page.find('details'), 'toggle', { bubbles: false });
    expect(page.model.events).toMatchObject([
      { type: 'focus', target_id: 'flow-2', value: 'v' },
      { type: 'toggle', target_id: 'flow-3', open: true }
    ]);
  });

  test('a disabled control is not told', () => {
    const page = new Page(node('button', 1, { on_keydown: ON, disabled: true }));
    fire(page.find('button'), 'keydown');
    expect(page.model.events).toEqual([]);
  });

  test('what stands in a portal tells the elements around it in the tree', () => {
    const page = new Page(node('div', 1, { on_click: ON }, [node('#portal', 2, { to: 'body' }, [node('button', 3, {}, 'x')])]));
    const button = document.querySelector<HTMLElement>('body > .flow-layer > button');
    button?.click();
    expect(page.model.events).toMatchObject([{ target_id: 'flow-1' }]);
    expect(page.html).toBe('<div id="flow-1"><!----></div>');
    page.patch([['insert', 2, 3, [node('i', 4)]], ['remove', 3]]);
    expect(document.querySelector('.flow-layer')?.innerHTML).toBe('<i id="flow-4"></i>');
    page.patch([['remove', 2]]);
    expect(document.querySelector('.flow-layer')).toBeNull();
  });

  test('a focus in a portal goes back to where it was when that is closed, one elsewhere stays', () => {
    const page = new Page(node('div', 1, {}, [node('button', 2, {}, 'open'), node('button', 3, {}, 'other')]));
    const open = (id: number): void => page.patch([['insert', 1, null, [node('#portal', id, { to: 'body' }, [node('input', 10 + id)])]]]);
    page.find('#flow-2').focus();
    open(4);
    document.querySelector<HTMLElement>('.flow-layer input')?.focus();
    page.patch([['remove', 4]]);
    expect(document.activeElement?.id).toBe('flow-2');
    open(5);
    page.find('#flow-3').focus();
    page.patch([['remove', 5]]);
    expect(document.activeElement?.id).toBe('flow-3');
  });

  test('a portal that was closed is not listened to any more', () => {
    const page = new Page(node('div', 1, {}, []));
    for (let id = 2; id < 6; id += 1) {
      page.patch([['insert', 1, null, [node('#portal', id, { to: 'body' }, [node('p', 10 + id)])]]]);
      if (id < 5) page.patch([['remove', id]]);
    }
    const added = vi.spyOn(EventTarget.prototype, 'addEventListener');
    page.patch([['set', 1, 'on_keyup', ON]]);
    const places = added.mock.contexts.filter((_, at) => added.mock.calls[at]?.[0] === 'keyup');
    added.mockRestore();
    expect(places).toEqual([page.content, document.querySelector('.flow-layer')]);
    document.querySelectorAll('.flow-layer').forEach(each => each.remove());
  });

  test('only the keys asked for are told and kept from the browser, and an event asked for once is told once', () => {
    const page = new Page(node('input', 1, { on_keydown: { keys: ['Enter'], prevent_default: true }, on_click: { once: true } }));
    const press = (key: string): boolean =>
      page.find('input').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    expect([press('a'), press('Enter')]).toEqual([true, false]);
    page.find('input').click();
    page.find('input').click();
    expect(page.model.events.map(each => each.key ?? each.type)).toEqual(['Enter', 'click']);
  });

  test('nothing is told when the view is closed', () => {
    const page = new Page(node('button', 1, { on_click: ON }, 'x'));
    const button = page.find('button');
    page.first.end();
    document.body.append(button);
    button.click();
    expect(page.model.events).toEqual([]);
    expect(page.model.ofKind('gone')).toHaveLength(1);
    page.close();
    expect(page.model.listening).toBe(0);
  });
});

describe('what is told', () => {
  test('an input tells its value and what was typed, a box whether it is ticked, a choice of several all that are chosen', () => {
    const page = new Page(
      node('form', 1, { on_input: ON, on_change: ON }, [
        node('input', 2),
        node('input', 3, { type: 'checkbox' }),
        node('select', 4, { multiple: true }, ['a', 'b', 'c'].map((value, at) => node('option', 5 + at, { value }, value)))
      ])
    );
    typeInto(page.find('input'), 'hello');
    page.find('#flow-3').click();
    for (const option of page.find<HTMLSelectElement>('select').options) option.selected = option.value !== 'b';
    fire(page.find('select'), 'change');
    expect(page.model.events).toMatchObject([
      { type: 'input', value: 'hello', data: 'o' },
      { type: 'input', checked: true },
      { type: 'change', checked: true, value: 'on' },
      { type: 'change', values: ['a', 'c'] }
    ]);
  });

  test('a form that is sent tells its texts by name, lists where a name came several times, and never leaves the page', () => {
    const page = new Page(
      node('form', 1, { on_submit: ON }, [
        node('input', 2, { name: 'who', value: 'Ada' }),
        node('input', 3, { name: 'tag', value: 'x' }),
        node('input', 4, { name: 'tag', value: 'y' }),
        node('input', 5, { name: '__proto__', value: 'z' })
      ])
    );
    const event = fire(page.find('form'), 'submit');
    expect(event.defaultPrevented).toBe(true);
    const data = page.model.events[0]?.data as Record<string, unknown>;
    expect([data.who, data.tag]).toEqual(['Ada', ['x', 'y']]);
  });

  test('a form that closes its dialog goes on, for it leads nowhere', () => {
    const page = new Page(
      node('dialog', 1, { open: true }, [
        node('form', 2, { method: 'dialog', on_submit: ON }, [node('button', 3), node('button', 4, { formmethod: 'post' })]),
        node('form', 5, {}, [node('button', 6, { formmethod: 'DIALOG' })])
      ])
    );
    const isStopped = (form: number, button: number): boolean => {
      const event = new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: page.find<HTMLElement>(`#flow-${button}`) });
      page.find(`#flow-${form}`).dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect([isStopped(2, 3), isStopped(2, 4), isStopped(5, 6)]).toEqual([false, true, false]);
    expect(page.model.events).toHaveLength(2);
  });

  test('what the reset of a form changes is told as if it were typed, and what it leaves is not', () => {
    const listens = { on_input: ON, on_change: ON };
    const page = new Page(
      node('form', 1, {}, [
        node('textarea', 2, listens),
        node('textarea', 3, listens),
        node('input', 4, { type: 'checkbox', ...listens }),
        node('select', 5, listens, [node('option', 6, {}, 'a'), node('option', 7, {}, 'b')]),
        node('input', 8, { type: 'radio', name: 'r', checked: true, ...listens }),
        node('input', 9, { type: 'radio', name: 'r', ...listens }),
        node('button', 10, { type: 'reset' }, 'Reset')
      ])
    );
    page.find<HTMLTextAreaElement>('#flow-2').value = 'typed';
    for (const id of [4, 9]) page.find<HTMLInputElement>(`#flow-${id}`).checked = true;
    page.find<HTMLSelectElement>('select').value = 'b';
    page.find('button').click();
    vi.runOnlyPendingTimers();
    expect(page.model.events.map(({ type, target_id, value, checked }) => [type, target_id, value, checked])).toEqual(
      [['flow-2', '', undefined], ['flow-4', 'on', false], ['flow-5', 'a', undefined], ['flow-8', 'on', true]].flatMap(told => [
        ['input', ...told],
        ['change', ...told]
      ])
    );
  });

  test('where something may be dropped, the browser is told so while it is dragged', () => {
    const page = new Page(node('div', 1, {}, [node('p', 2, { on_drop: ON }), node('p', 3)]));
    expect(fire(page.find('#flow-2'), 'dragover').defaultPrevented).toBe(true);
    expect(fire(page.find('#flow-3'), 'dragover').defaultPrevented).toBe(false);
    fire(page.find('#flow-2'), 'drop');
    expect(page.model.events).toMatchObject([{ type: 'drop', target_id: 'flow-2', text: '' }]);
  });

  test('a link opens beside the page, unless it says where or leads to a place in it', () => {
    const page = new Page(
      node('p', 1, {}, [node('a', 2, { href: 'x' }), node('a', 3, { href: '#here' }), node('a', 4, { href: 'y', target: '_top' })])
    );
    for (const link of page.content.querySelectorAll('a')) fire(link, 'click');
    expect(Array.from(page.content.querySelectorAll('a'), each => each.target)).toEqual(['_blank', '', '_top']);
    page.patch([['insert', 1, null, [node('svg', 5, {}, [node('a', 6, { href: 'z' })])]]]);
    const drawn = page.find<SVGAElement>('svg a');
    fire(drawn, 'click');
    expect(drawn.getAttribute('target')).toBe('_blank');
  });
});

describe('when it is told', () => {
  test('with debounce an event is told after some quiet, the newest alone', () => {
    const page = new Page(node('input', 1, { on_input: { debounce: 300 } }));
    typeInto(page.find('input'), 'a');
    vi.advanceTimersByTime(299);
    typeInto(page.find('input'), 'ab');
    vi.advanceTimersByTime(299);
    expect(page.model.events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(page.model.events).toMatchObject([{ value: 'ab' }]);
  });

  test('with throttle the first event is told at once and the last one at the end of the time', () => {
    const page = new Page(node('input', 1, { on_input: { throttle: 100 } }));
    for (const text of ['a', 'ab', 'abc']) typeInto(page.find('input'), text);
    expect(page.model.events).toMatchObject([{ value: 'a' }]);
    vi.advanceTimersByTime(100);
    expect(page.model.events).toMatchObject([{ value: 'a' }, { value: 'abc' }]);
  });

  test('what was typed is told before a click that may ask for it', () => {
    const page = new Page(node('p', 1, {}, [node('input', 2, { on_input: { debounce: 300 } }), node('button', 3, { on_click: ON })]));
    typeInto(page.find('input'), 'a');
    page.find('button').click();
    vi.advanceTimersByTime(1000);
    expect(page.model.events.map(each => each.type)).toEqual(['input', 'click']);
  });

  test('of a flood one event a frame is told and no more than two are on their way', () => {
    const page = new Page(node('div', 1, { on_mousemove: ON }));
    const move = (x: number): boolean =>
      page.find('#flow-1').dispatchEvent(new MouseEvent('mousemove', { clientX: x, bubbles: true }));
    for (let x = 0; x < 100; x++) {
      move(x);
      if (x % 10 === 9) vi.advanceTimersByTime(17);
    }
    expect(page.model.events.map(each => each.client_x)).toEqual([9, 19]);
    page.model.hear({ kind: 'seen', seen: { [page.name]: 2 } });
    vi.advanceTimersByTime(17);
    expect(page.model.events.map(each => each.client_x)).toEqual([9, 19, 99]);
  });

  test('turns of a wheel that wait add up', () => {
    const page = new Page(node('div', 1, { on_wheel: ON }));
    for (const deltaY of [1, 2, 3]) page.find('#flow-1').dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true }));
    vi.advanceTimersByTime(17);
    expect(page.model.events).toMatchObject([{ delta_y: 6 }]);
  });
});

describe('typing', () => {
  test('an answer to earlier typing does not overwrite later typing, the answer to the last does', () => {
    const page = new Page(node('input', 1, { value: '', on_input: ON }));
    const input = page.find<HTMLInputElement>('input');
    typeInto(input, 'a');
    typeInto(input, 'ab');
    page.patch([['set', 1, 'value', 'A']], 1);
    expect(input.value).toBe('ab');
    page.patch([['set', 1, 'value', 'AB']], 2);
    expect(input.value).toBe('AB');
  });

  test('what is typed behind a text that the kernel clears stays, with the caret, and is told', async () => {
    const page = new Page(node('input', 1, { value: '', on_input: ON }));
    const input = page.find<HTMLInputElement>('input');
    input.focus();
    typeInto(input, 'sent');
    typeInto(input, 'sentn');
    typeInto(input, 'sentnext');
    input.setSelectionRange(6, 6);
    page.patch([['set', 1, 'value', '']], 1);
    await Promise.resolve();
    expect([input.value, input.selectionStart]).toEqual(['next', 2]);
    expect(page.model.events.map(each => each.value)).toEqual(['sent', 'sentn', 'sentnext', 'next']);
    page.patch([['set', 1, 'value', 'sentn']], 2); // what the kernel heard before
    page.patch([['unset', 1, 'value']], 3);
    expect(input.value).toBe('next');
    page.patch([['set', 1, 'value', 'next']], 4);
    expect(input.value).toBe('next');
  });

  test('another text than the one that the kernel clears stays as it is', () => {
    const page = new Page(node('input', 1, { value: '', on_input: ON }));
    const input = page.find<HTMLInputElement>('input');
    typeInto(input, 'a');
    page.patch([['set', 1, 'value', '']], 0); // before it has heard of any
    expect(input.value).toBe('a');
    typeInto(input, 'b');
    page.patch([['set', 1, 'value', '']], 1);
    expect(input.value).toBe('b');
  });

  test('what waits to be told is ahead, too', () => {
    const page = new Page(node('input', 1, { value: '', on_input: { debounce: 300 } }));
    typeInto(page.find('input'), 'a');
    page.patch([['set', 1, 'value', 'reset']], 99);
    expect(page.find<HTMLInputElement>('input').value).toBe('a');
  });

  test('a snapshot keeps what is typed and not handled, in one view, and sets it in the other', () => {
    const page = new Page(node('input', 1, { value: '', on_input: ON }));
    const second = page.show();
    typeInto(page.find('input'), 'a');
    page.snapshot(node('input', 1, { value: 'k', on_input: ON }), 0);
    expect([page.find<HTMLInputElement>('input').value, second.content.querySelector('input')?.value]).toEqual(['a', 'k']);
  });

  test('letters that are being composed are left alone until they are', () => {
    const page = new Page(node('input', 1, { value: '' }));
    const input = page.find<HTMLInputElement>('input');
    fire(input, 'compositionstart');
    input.value = 'に';
    page.patch([['set', 1, 'value', 'x']]);
    expect(input.value).toBe('に');
    fire(input, 'compositionend');
    vi.advanceTimersByTime(1);
    expect(input.value).toBe('x');
  });
});
