/** The golden trees and patches that Python writes: what a page makes of them is what Python holds and shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import factory from '../../src/index';
import { readTree } from '../../src/core/wire';
import type { FromKernel, WireTree } from '../../src/core/wire';
import { FakeModel, structure } from '../support/flow';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../../tests/wire/flow');

interface Story {
  name: string;
  tree: WireTree;
  messages: FromKernel[];
  after: WireTree;
  /** What Python's renderer makes of the tree in the end. */
  html: string;
}

const stories = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Story);

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe.each(stories)('$name', ({ tree, messages, after, html }) => {
  test('the tree is then the one that Python has', () => {
    const { model } = shown(tree, messages);
    vi.advanceTimersByTime(5000);
    const saved = model.get('tree') as WireTree;
    expect([saved.revision, plain(saved)]).toEqual([after.revision, plain(after)]);
  });

  test('the page is what Python shows where there is no page', () => {
    expect(structure(pictured(shown(tree, messages).content))).toEqual(structure(parsed(html)));
  });

  test('a page that starts from there, and one that is brought there by a snapshot, show the same', () => {
    const there = structure(shown(tree, messages).content);
    expect(structure(shown(after, []).content)).toEqual(there);
    expect(structure(shown(tree, [{ kind: 'snapshot', ...after }]).content)).toEqual(there);
  });
});

function shown(tree: WireTree, messages: FromKernel[]): { model: FakeModel; content: HTMLElement } {
  const model = new FakeModel(tree);
  const widget = factory();
  widget.initialize({ model });
  const el = document.body.appendChild(document.createElement('div'));
  widget.render({ model, el });
  for (const message of messages) model.hear(message);
  return { model, content: el.querySelector('.flow-content') as HTMLElement };
}

function plain(told: WireTree): unknown {
  return Array.from(readTree(told).all(), ({ id, tag, props, text, parent }) => ({ id, tag, props, text, in: parent?.id }));
}

/**
 * The DOM that a tree would have which is written like this. A browser's parser reads something else where a <p> stands
 * in a <p>.
 */
function parsed(html: string): HTMLElement {
  const content = document.createElement('div');
  content.className = 'flow-content';
  let inside: Element = content;
  for (const [token, closing, tag, attributes = ''] of html.matchAll(/<(\/?)([\w-]+)((?: [^\s=>]+(?:="[^"]*")?)*)>|[^<]+/g)) {
    if (closing) {
      inside = inside.parentElement as Element;
    } else if (tag) {
      const namespace = tag === 'svg' ? SVG : inside.localName === 'foreignObject' ? HTML : inside.namespaceURI;
      const element = inside.appendChild(document.createElementNS(namespace, tag));
      for (const [, name = '', value = ''] of attributes.matchAll(/ ([^\s=>]+)(?:="([^"]*)")?/g)) {
        if (name === 'style') (element as HTMLElement).style.cssText = text(value);
        else element.setAttribute(name, text(value));
      }
      if (!VOID.test(tag)) inside = element;
    } else {
      // A parser drops the first line break of a text area.
      inside.append(text(inside.localName === 'textarea' ? token.replace(/^\n/, '') : token));
    }
  }
  return pictured(content);
}

const SVG = 'http://www.w3.org/2000/svg';
const HTML = 'http://www.w3.org/1999/xhtml';
const VOID = /^(?:br|hr|img|input|col|source|track|wbr|area)$/;

const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

function text(escaped: string): string {
  return escaped.replace(/&([^;]+);/g, (whole, name: string) => CHARACTERS[name] ?? whole);
}

/** What is typed and chosen, as HTML says it: with the text of an area and marks on options. */
function pictured(content: HTMLElement): HTMLElement {
  for (const area of content.querySelectorAll('textarea')) area.textContent = area.value;
  const isChosen = Array.from(content.querySelectorAll('option'), option => [option, option.selected] as const);
  for (const [option, chosen] of isChosen) option.toggleAttribute('selected', chosen);
  return content;
}
