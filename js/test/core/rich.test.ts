import { afterEach, expect, test, vi } from 'vitest';

import type { WidgetManager, WidgetModel, WidgetView } from '../../src/core/host';
import { Page, sheets } from '../support/flow';
import { node } from '../support/flow_trees';

afterEach(() => document.body.replaceChildren());

class Child implements WidgetModel {
  readonly told: string[] = [];
  readonly removed = vi.fn();
  readonly get = vi.fn();
  widget_manager: WidgetManager = {
    create_view: async () => {
      const el = document.createElement('div');
      el.className = 'slider';
      const luminoWidget = { processMessage: ({ type }: { type: string }) => void this.told.push(`${type} ${el.isConnected}`) };
      return { el, luminoWidget, remove: this.removed } satisfies WidgetView;
    }
  };
}

test('a widget of ipywidgets is attached as Lumino does, and goes with its element', async () => {
  const child = new Child();
  const asked: string[] = [];
  const manager: WidgetManager = {
    get_model: async id => {
      asked.push(id);
      return child;
    }
  };
  const page = new Page(node('p', 1, {}, [node('#widget', 2, { model: 'abc' })]), manager);
  await vi.waitUntil(() => page.html.includes('slider'));
  expect(page.html).toBe('<p id="flow-1"><div class="flow-widget" id="flow-2"><div class="slider"></div></div></p>');
  expect(asked).toEqual(['abc']);
  page.patch([['remove', 2]]);
  expect(child.told).toEqual(['before-attach false', 'after-attach true', 'before-detach true', 'after-detach false']);
  expect(child.removed).toHaveBeenCalledOnce();
});

test('a widget goes with the view, too', async () => {
  const child = new Child();
  const page = new Page(node('#widget', 2, { model: 'abc' }), { get_model: async () => child });
  await vi.waitUntil(() => page.html.includes('slider'));
  page.first.end();
  expect(child.removed).toHaveBeenCalledOnce();
});

test('where no widget can be shown, a line says so', async () => {
  const page = new Page(node('#widget', 2, { model: 'abc' }));
  await vi.waitUntil(() => page.html.includes('cannot show it'));
  expect(page.find('.flow-widget').className).toBe('flow-widget flow-note');
});

test('the style comes to a document once, and to each shadow root once', () => {
  sheets.length = 0;
  const page = new Page(node('p', 1));
  page.show();
  const before = sheets.length;
  const shadow = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
  Object.assign(shadow, { adoptedStyleSheets: [] });
  for (const _ of [1, 2]) page.showIn(shadow.appendChild(document.createElement('div')));
  expect([before <= 1, sheets.length - before]).toEqual([true, 1]);
});
