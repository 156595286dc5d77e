import { beforeEach, describe, expect, it } from 'vitest';

import type { Failure } from '../../src/page/dev_messages';
import { Overlays } from '../../src/page/dev_overlay';

const FAILURE: Failure = {
  kind: 'The edit does not run',
  title: 'NameError: <b>x</b>',
  file: 'app.py',
  line: 12,
  lines: [
    [11, 'def App():'],
    [12, '    x'],
    [13, ''],
  ],
  details: 'Traceback',
};

let overlays: Overlays;
const errors = (): HTMLElement => document.querySelector('.flow-dev-errors')!;

beforeEach(() => {
  document.body.replaceChildren();
  overlays = new Overlays(document.body);
});

describe('an overlay', () => {
  it('shows nothing where nothing is wrong', () => {
    overlays.show({ kind: 'overlay', failures: [], warnings: [] });
    expect(errors().hidden).toBe(true);
    expect(document.querySelector<HTMLElement>('.flow-dev-warnings')!.hidden).toBe(true);
  });

  it('shows an error as text, with its place and the line that it is at', () => {
    overlays.show({ kind: 'overlay', failures: [FAILURE], warnings: [] });
    expect(errors().hidden).toBe(false);
    expect(errors().querySelector('h2')!.textContent).toBe('NameError: <b>x</b>');
    expect(errors().querySelector('.flow-dev-place')!.textContent).toBe('app.py:12');
    const here = errors().querySelectorAll<HTMLLIElement>('li[data-here]');
    expect([here.length, here[0]!.value, here[0]!.textContent]).toEqual([1, 12, '    x']);
  });

  it('goes when it is mended', () => {
    overlays.show({ kind: 'overlay', failures: [FAILURE], warnings: [] });
    overlays.show({ kind: 'overlay', failures: [], warnings: [] });
    expect([errors().hidden, errors().children.length]).toEqual([true, 0]);
  });

  it('stays dismissed until something else is wrong, or the same again', () => {
    const show = (...failures: Failure[]): void => overlays.show({ kind: 'overlay', failures, warnings: [] });
    show(FAILURE);
    dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(errors().hidden).toBe(true);
    show({ ...FAILURE, line: 13 });
    expect(errors().hidden).toBe(true);
    show({ ...FAILURE, title: 'another' });
    expect(errors().hidden).toBe(false);
    errors().querySelector('button')!.click();
    expect(errors().hidden).toBe(true);
    show();
    show({ ...FAILURE, title: 'another' });
    expect(errors().hidden).toBe(false);
  });

  it('counts warnings in a corner', () => {
    overlays.show({ kind: 'overlay', failures: [], warnings: [FAILURE, FAILURE] });
    expect(document.querySelector('.flow-dev-warnings summary')!.textContent).toBe('2 warnings');
    overlays.show({ kind: 'overlay', failures: [], warnings: [FAILURE] });
    expect(document.querySelector('.flow-dev-warnings summary')!.textContent).toBe('1 warning');
  });
});
