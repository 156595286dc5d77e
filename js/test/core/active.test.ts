import { afterEach, describe, expect, it, vi } from 'vitest';

import { followActive } from '../../src/core/active';

const over = new AbortController();

afterEach(() => document.body.replaceChildren());

function tree(): { list: HTMLElement; seen: string[] } {
  document.body.innerHTML = '<main><div tabindex="0"><p id="a"></p><p id="b 2"></p></div></main>';
  const place = document.querySelector('main')!;
  const seen: string[] = [];
  for (const item of place.querySelectorAll('p')) item.scrollIntoView = vi.fn(() => void seen.push(item.id));
  followActive(place, over.signal);
  return { list: place.querySelector('div')!, seen };
}

describe('what the keyboard is on', () => {
  it('is brought into sight when it changes, if its list has the focus', async () => {
    const { list, seen } = tree();
    list.setAttribute('aria-activedescendant', 'a');
    await Promise.resolve();
    expect(seen).toEqual([]);
    list.focus();
    list.setAttribute('aria-activedescendant', 'b 2');
    await Promise.resolve();
    expect(seen).toEqual(['b 2']);
  });

  it('may be named before it is there, or be nothing', async () => {
    const { list, seen } = tree();
    list.focus();
    list.setAttribute('aria-activedescendant', 'gone');
    list.removeAttribute('aria-activedescendant');
    await Promise.resolve();
    expect(seen).toEqual([]);
  });
});
