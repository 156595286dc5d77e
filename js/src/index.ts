/** What a host of widgets imports: flow in a page. */

import type { Model } from './core/host';
export { bringSanitizer } from './core/html';
import { Store } from './core/store';

interface Given {
  model: Model;
  /** Hosts of anywidget 0.9 have none; what is returned ends it there. */
  signal?: AbortSignal;
}

interface GivenPlace extends Given {
  el: HTMLElement;
}

/** Hosts hand each call a model object of its own, or the same one; they call the function below once for each model. */
const stores = new WeakMap<Model, Store>();

export default () => {
  let latest: Store | undefined;

  const storeOf = (model: Model): Store => {
    const store = stores.get(model) ?? latest ?? new Store(model);
    stores.set(model, store);
    return (latest = store);
  };

  return {
    initialize({ model, signal }: Given): () => void {
      const store = (latest = new Store(model));
      stores.set(model, store);
      const close = (): void => store.close();
      signal?.addEventListener('abort', close, { once: true });
      return close;
    },

    render({ model, el, signal }: GivenPlace): () => void {
      const life = new AbortController();
      const end = (): void => life.abort();
      signal?.addEventListener('abort', end, { once: true, signal: life.signal });
      storeOf(model).show(el, life.signal);
      return end;
    },
  };
};
