/**
 * Raw HTML, which somebody else wrote. What makes it harmless is a module of its own, which comes when some is shown
 * first; until then nothing stands in its place.
 */

import type { Model } from './host';
import { moduleOf } from './modules';

type Sanitize = typeof import('../sanitizer').default;
type Module = { default: Sanitize };

/** What each element that waits for the module is to show. */
const waiting = new WeakMap<Element, string>();
const coming = new WeakMap<Model, Promise<void>>();
let sanitize: Sanitize | undefined;

/** Have the module come; then raw HTML is shown at once. A failure is told, and the next who asks tries again. */
export function bringSanitizer(model: Model): Promise<void> {
  const known = coming.get(model);
  if (known) return known;
  const module = model.sanitizer ? (import(/* @vite-ignore */ model.sanitizer) as Promise<Module>) : moduleOf<Module>(model, 'sanitizer');
  const arriving = module.then(
    ({ default: found }) => void (sanitize = found),
    error => {
      coming.delete(model);
      console.error('flow: raw HTML is not shown, for what makes it harmless could not be loaded', error);
    }
  );
  coming.set(model, arriving);
  return arriving;
}

export function showHtml(element: Element, html: string, model: Model): void {
  waiting.set(element, html);
  if (sanitize) fill(element);
  else void bringSanitizer(model).then(() => fill(element));
}

/** Show what an element waits to show, if it was not shown meanwhile. */
function fill(element: Element): void {
  const html = waiting.get(element);
  if (html === undefined) return;
  waiting.delete(element);
  element.replaceChildren(sanitize ? sanitize(html) : 'HTML stands here. This page cannot show it; its console says why.');
  element.classList.toggle('flow-note', !sanitize);
}
