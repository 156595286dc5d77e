/** The nodes that are more than an element: another widget, and what stands elsewhere in the page. */

import type { Attachable, Model, WidgetView } from './host';

/** The view of a widget of ipywidgets, until the signal ends it. */
export async function showWidget(element: Element, id: string, model: Model, signal: AbortSignal): Promise<void> {
  try {
    const view = await viewOf(id, model);
    if (signal.aborted) return view.remove?.();
    const lumino = view.luminoWidget ?? view.pWidget;
    tell(lumino, 'before-attach');
    element.replaceChildren(view.el);
    tell(lumino, 'after-attach');
    signal.addEventListener('abort', () => takeAway(view, lumino), { once: true });
  } catch (error) {
    if (signal.aborted) return;
    element.textContent = error instanceof NoManager ? error.message : `This widget cannot be shown: ${String(error)}`;
    element.classList.add('flow-note');
  }
}

class NoManager extends Error {
  override readonly message = 'A widget of ipywidgets stands here. This page cannot show it; Jupyter can.';
}

async function viewOf(id: string, { widget_manager: manager }: Model): Promise<WidgetView> {
  if (!manager?.get_model) throw new NoManager();
  const child = await manager.get_model(id);
  // The manager of the child itself, for a host may hand out a narrower one.
  const maker = child.widget_manager?.create_view ? child.widget_manager : manager;
  if (!maker.create_view) throw new NoManager();
  return maker.create_view(child);
}

/** Lumino sends these itself when it attaches a widget; it cannot be imported here, for each page has its own. */
function tell(widget: Attachable | undefined, type: string): void {
  widget?.processMessage({ type, isConflatable: false, conflate: () => false });
}

function takeAway(view: WidgetView, lumino: Attachable | undefined): void {
  tell(lumino, 'before-detach');
  view.el.remove();
  tell(lumino, 'after-detach');
  view.remove?.();
}

/** A layer at the end of the page, over all else that is in it, until the signal ends it. A focus in it goes back then. */
export function layerFor(place: Node, signal: AbortSignal): HTMLElement {
  const layer = document.createElement('div');
  layer.className = 'flow-root flow-layer';
  const root = place.getRootNode();
  const owner = root instanceof ShadowRoot ? root : document;
  const before = owner.activeElement;
  (root instanceof ShadowRoot ? root : document.body).append(layer);
  const end = (): void => {
    const isIn = layer.contains(owner.activeElement);
    layer.remove();
    if (isIn && before instanceof HTMLElement) before.focus();
  };
  signal.addEventListener('abort', end, { once: true });
  return layer;
}
