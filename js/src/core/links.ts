/** Keeps links and forms from leading away from a page that holds more than this tree: a notebook. */

export function leadElsewhere(place: HTMLElement, signal: AbortSignal): void {
  place.addEventListener('submit', event => event.preventDefault(), { signal });
  place.addEventListener('click', openApart, { signal });
}

/** A link that says nothing of where it opens opens beside the page, unless it leads to a place in it. */
function openApart(event: Event): void {
  const target = event.composedPath()[0];
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || link.target || link.hasAttribute('download') || link.getAttribute('href')?.startsWith('#')) return;
  link.target = '_blank';
  link.relList?.add('noopener');
}
