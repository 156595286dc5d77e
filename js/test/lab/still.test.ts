import '../support/drag_event';
import '../support/match_media';

import { MimeModel, RenderMimeRegistry, htmlRendererFactory } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { showStills } from '../../lab/src/still';

const VIEW = 'application/vnd.jupyter.widget-view+json';
const STILL = '<div class="flow-still"><p>Count: 3</p></div>';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A renderer as the widget manager's: it writes what it does, then shows a view or why there is none. */
class ManagersRenderer extends Panel implements IRenderMime.IRenderer {
  async renderModel(_: IRenderMime.IMimeModel): Promise<void> {
    this.node.textContent = 'Loading widget...';
    const found = await new Promise<string>(resolve => (this.answer = resolve));
    this.node.textContent = found === 'a view' ? '' : found;
    if (found === 'a view') {
      const view = new Widget();
      view.node.textContent = found;
      this.addWidget(view);
    } else {
      this.addClass('jupyter-widgets');
    }
  }

  answer?: (found: string) => void;
}

const managers: IRenderMime.IRendererFactory = {
  safe: false,
  mimeTypes: [VIEW],
  createRenderer: () => new ManagersRenderer()
};

function registry(): RenderMimeRegistry {
  return new RenderMimeRegistry({ initialFactories: [htmlRendererFactory] });
}

/** An output that the manager has begun to draw, with this HTML beside its view. */
function drawing(rendermime: RenderMimeRegistry, html = STILL) {
  const model = new MimeModel({ trusted: true, data: { [VIEW]: { model_id: 'gone' }, 'text/html': html } });
  const renderer = rendermime.createRenderer(rendermime.preferredMimeType(model.data, 'any') ?? '') as ManagersRenderer;
  void renderer.renderModel(model);
  onTestFinished(() => renderer.dispose());
  return {
    renderer,
    answer: async (found: string) => {
      renderer.answer?.(found);
      await vi.advanceTimersByTimeAsync(0);
    },
    drawAgain: () => void renderer.renderModel(model)
  };
}

function withStills(): RenderMimeRegistry {
  const rendermime = registry();
  rendermime.addFactory(managers, -10);
  showStills(rendermime);
  return rendermime;
}

const NOT_FOUND = 'Error displaying widget: model not found';

test('where the kernel does not know the model, the HTML stands in its place', async () => {
  const { renderer, answer } = drawing(withStills());
  expect(renderer.node.textContent).toBe('Loading widget...');
  await answer(NOT_FOUND);
  expect(renderer.node.textContent).toBe('Count: 3');
  expect(renderer.node.querySelector('.flow-still p')).not.toBeNull();
  expect(renderer.hasClass('jupyter-widgets')).toBe(false);
});

test('the HTML stands there while the view loads for long, and goes when it comes', async () => {
  const { renderer, answer } = drawing(withStills());
  await vi.advanceTimersByTimeAsync(900);
  expect(renderer.node.textContent).toBe('Loading widget...');
  await vi.advanceTimersByTimeAsync(200);
  expect(renderer.node.textContent).toBe('Count: 3');
  await answer('a view');
  expect(renderer.node.textContent).toBe('a view');
  await vi.advanceTimersByTimeAsync(2000);
  expect(renderer.node.textContent).toBe('a view');
});

test('the HTML that stands there while the view loads stays if there is none', async () => {
  const { renderer, answer } = drawing(withStills());
  await vi.advanceTimersByTimeAsync(1100);
  await answer(NOT_FOUND);
  expect(renderer.node.textContent).toBe('Count: 3');
});

test('a view that comes at once is all that is shown', async () => {
  const { renderer, answer } = drawing(withStills());
  await answer('a view');
  await vi.advanceTimersByTimeAsync(2000);
  expect(renderer.node.textContent).toBe('a view');
});

test('another error of a view is told as it is', async () => {
  const { renderer, answer } = drawing(withStills());
  await answer('Error displaying widget');
  await vi.advanceTimersByTimeAsync(2000);
  expect(renderer.node.textContent).toBe('Error displaying widget');
});

test('an output that is drawn anew begins anew', async () => {
  const { renderer, answer, drawAgain } = drawing(withStills());
  await answer(NOT_FOUND);
  drawAgain();
  expect(renderer.node.textContent).toBe('Loading widget...');
  await answer('a view');
  expect(renderer.node.textContent).toBe('a view');
});

test("widgets of others are the manager's own affair, also with HTML beside them", async () => {
  const { renderer, answer } = drawing(withStills(), '<p>of another library</p>');
  await vi.advanceTimersByTimeAsync(2000);
  expect(renderer.node.textContent).toBe('Loading widget...');
  await answer(NOT_FOUND);
  expect(renderer.node.textContent).toBe(NOT_FOUND);
});

test('a manager that registers itself later, and anew, is heard of too, with its rank', async () => {
  const rendermime = registry();
  showStills(rendermime);
  rendermime.addFactory(managers, -10);
  rendermime.removeMimeType(VIEW);
  rendermime.addFactory(managers, -10);
  expect(rendermime.getRank(VIEW)).toBe(-10);
  const { renderer, answer } = drawing(rendermime);
  await answer(NOT_FOUND);
  expect(renderer.node.textContent).toBe('Count: 3');
});

test("the manager finds its renderers among the outputs, also in copies of the registry", () => {
  const copy = withStills().clone();
  showStills(copy);
  expect(drawing(copy).renderer).toBeInstanceOf(ManagersRenderer);
});

test('what is gone before its answer comes is left alone', async () => {
  const { renderer, answer } = drawing(withStills());
  await vi.advanceTimersByTimeAsync(1100);
  renderer.dispose();
  await answer(NOT_FOUND);
  expect(renderer.node.textContent).toBe(NOT_FOUND);
});

test('the HTML looks as the live view did, not as a text of the notebook', async () => {
  const rendermime = registry();
  showStills(rendermime);
  rendermime.addFactory(managers, 0);
  const output = drawing(rendermime);
  await output.answer('Error displaying widget: model not found');
  const still = output.renderer.node.querySelector('.flow-still');
  expect(still?.classList.contains('flow-root')).toBe(true);
  expect(still?.closest('.jp-RenderedHTMLCommon')).toBeNull();
});
