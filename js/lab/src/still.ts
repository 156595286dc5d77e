/**
 * Elements of flow without their kernel: the HTML that was saved with them, in place of "model not found".
 *
 * A notebook shows the richest form of an output that it can draw. Of a saved element that is the live view, whose
 * model went with its kernel; nobody then looks for the HTML beside it.
 */
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { htmlRendererFactory, type IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { addStyle } from '../../src/core/style';
import { followTheme } from '../../src/core/theme';

const VIEW = 'application/vnd.jupyter.widget-view+json';
const HTML = 'text/html';
const STILL = /^\s*<div class="flow-still"/;
/** What the widget manager writes while it waits, and where its kernel does not know the model. */
const LOADING = 'Loading widget...';
const NOT_FOUND = 'Error displaying widget: model not found';
/** Milliseconds that a view may load before the HTML takes its place until it is there: without a kernel it never is. */
const PATIENCE = 1000;

const ours = new WeakSet<IRenderMime.IRendererFactory>();

/** Let whatever draws widgets' views in these outputs, now or later, show an element's HTML where there is no view. */
export function showStills(rendermime: IRenderMimeRegistry): void {
  // The widget manager registers itself anew for each notebook, when that has its kernel.
  const add = rendermime.addFactory.bind(rendermime);
  rendermime.addFactory = (factory, rank) =>
    add(factory.mimeTypes.includes(VIEW) ? withStills(factory, rendermime) : factory, rank);
  const there = rendermime.getFactory(VIEW);
  if (there) {
    rendermime.addFactory(there, rendermime.getRank(VIEW));
  }
}

function withStills(
  factory: IRenderMime.IRendererFactory,
  rendermime: IRenderMimeRegistry
): IRenderMime.IRendererFactory {
  if (ours.has(factory)) {
    return factory;
  }
  const wrapped: IRenderMime.IRendererFactory = {
    ...factory,
    createRenderer: options => {
      const renderer = factory.createRenderer(options);
      const html = () => rendermime.getFactory(HTML) ?? htmlRendererFactory;
      const drawHtml = () => html().createRenderer({ ...options, mimeType: HTML });
      // The same object: the manager looks for its own among the outputs, to hand them their models.
      const still = new Still(renderer, renderer.renderModel.bind(renderer), drawHtml);
      renderer.renderModel = model => still.render(model);
      return renderer;
    }
  };
  ours.add(wrapped);
  return wrapped;
}

/** One view, and the HTML that stands in for it. */
class Still {
  constructor(
    private readonly view: IRenderMime.IRenderer,
    private readonly renderView: (model: IRenderMime.IMimeModel) => Promise<void>,
    private readonly drawHtml: () => IRenderMime.IRenderer
  ) {
    view.disposed.connect(this.clear, this);
  }

  async render(model: IRenderMime.IMimeModel): Promise<void> {
    this.clear();
    if (!STILL.test(String(model.data[HTML]))) {
      return this.renderView(model);
    }
    const html = (this.html = this.drawHtml());
    const timer = window.setTimeout(() => void this.show(html, model), PATIENCE);
    this.timer = timer;
    await this.renderView(model);
    if (this.html !== html) {
      return; // it is drawn anew, or gone
    }
    if (this.isMissing) {
      window.clearTimeout(timer);
      await this.show(html, model);
    } else if (!this.isLoading) {
      this.clear();
    }
  }

  private async show(html: IRenderMime.IRenderer, model: IRenderMime.IMimeModel): Promise<void> {
    await html.renderModel(model);
    if (this.html === html && (this.isMissing || this.isLoading)) {
      this.view.removeClass('jupyter-widgets');
      this.view.node.replaceChildren(html.node);
      this.dress(html.node);
    }
  }

  /** Have it look as the live view did, not as a text that was written for this notebook. */
  private dress(node: HTMLElement): void {
    const still = node.querySelector<HTMLElement>('.flow-still');
    if (!still) return;
    this.dressed.abort();
    this.dressed = new AbortController();
    node.classList.remove('jp-RenderedHTMLCommon');
    still.classList.add('flow-root');
    addStyle(still, this.dressed.signal);
    followTheme(still, this.dressed.signal);
  }

  private clear(): void {
    window.clearTimeout(this.timer);
    this.dressed.abort();
    this.html?.node.remove();
    this.html?.dispose();
    this.html = undefined;
  }

  private get isMissing(): boolean {
    return this.view.node.textContent === NOT_FOUND;
  }

  private get isLoading(): boolean {
    const { node } = this.view;
    return node.textContent === LOADING || this.html?.node.parentNode === node;
  }

  private html?: IRenderMime.IRenderer;
  private timer?: number;
  private dressed = new AbortController();
}
