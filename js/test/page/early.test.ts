import { afterEach, expect, test } from 'vitest';

import { adopt } from '../../src/page/adopt';
import { EarlyClicks } from '../../src/page/early';

afterEach(() => document.body.replaceChildren());

/** A picture that hears clicks, and the live tree that is to take its place, with what is done in it. */
function page(html: string, liveHtml = html): { picture: HTMLElement; early: EarlyClicks; done: string[]; come: () => void } {
  const [picture, live] = [document.createElement('div'), document.createElement('div')];
  picture.innerHTML = html;
  live.innerHTML = liveHtml;
  document.body.append(picture);
  const life = new AbortController();
  const early = new EarlyClicks(picture, life.signal);
  const done: string[] = [];
  for (const kind of ['input', 'click', 'submit']) {
    live.addEventListener(kind, event => {
      event.preventDefault();
      done.push(`${kind} ${(event.target as HTMLElement).id}`);
    });
  }
  const come = (): void => {
    const places = adopt(picture, live);
    life.abort();
    early.replay(places);
  };
  return { picture, early, done, come };
}

function click(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector)!;
  found.click();
  return found;
}

test('clicks are done in their order once the page is live, after what was typed', () => {
  const { picture, done, come } = page('<input id="who"><button id="a">A</button><button id="b"><b>B</b></button>');
  click(picture, '#b b');
  click(picture, '#a');
  click(picture, '#b');
  picture.querySelector('input')!.value = 'Ada';
  come();
  expect(done).toEqual(['input who', 'click b', 'click a', 'click b']);
});

test('a clicked button shows that it was heard', () => {
  const { picture, early } = page('<button id="a">A</button>');
  const button = click(picture, '#a');
  expect(button.className).toBe('flow-waiting');
  expect(button.getAttribute('aria-busy')).toBe('true');
  early.drop();
  expect(button.className).toBe('');
  expect(button.hasAttribute('aria-busy')).toBe(false);
});

test('of many clicks the first twenty are kept', () => {
  const { picture, done, come } = page('<button id="a">A</button>');
  for (let count = 0; count < 30; count++) click(picture, '#a');
  come();
  expect(done.length).toBe(20);
});

test('what is another button by then is not clicked, nor one that is disabled or gone', () => {
  const before = '<button id="a">Open</button><button id="b">Save</button><button id="c">More</button>';
  const { picture, done, come } = page(before, '<button id="a">Delete</button><button id="b" disabled>Save</button>');
  for (const each of ['#a', '#b', '#c']) click(picture, each);
  come();
  expect(done).toEqual([]);
});

test('a form that is sent stays on the page, and is sent once it is live, and once', () => {
  const { picture, done, come } = page('<form id="f"><input name="tea"><button id="s">Add</button></form>');
  const form = picture.querySelector('form')!;
  const left: boolean[] = [];
  document.body.addEventListener('submit', event => left.push(!event.defaultPrevented), { once: true });
  click(picture, '#s');
  expect(left).toEqual([false]);
  expect(form.isConnected).toBe(true);
  come();
  expect(done).toEqual(['click s']); // whose default, which is to submit, the test prevents
});

test('a form without a button is sent too', () => {
  const { picture, done, come } = page('<form id="f"><input name="tea"></form>');
  picture.querySelector('form')!.requestSubmit();
  come();
  expect(done).toEqual(['submit f']);
});
