/** Keeps links and forms from leading away from a page that holds more than this tree: a notebook. */

export function leadElsewhere(place: HTMLElement, signal: AbortSignal): void {
  place.addEventListener('submit', event => closesDialog(event) || event.preventDefault(), { signal });
  place.addEventListener('click', openApart, { signal });
}

/** Such a form leads nowhere: all it does is to close the dialog that it stands in. */
function closesDialog({ target, submitter }: SubmitEvent): boolean {
  const method = submitter?.getAttribute('formmethod') ?? (target as Element).getAttribute('method');
  return method?.toLowerCase() === 'dialog';
}

/** A link that says nothing of where it opens opens beside the page, unless it leads to a place in it. */
function openApart(event: Event): void {
  const target = event.composedPath()[0];
  const link = target instanceof Element ? target.closest('a[href]') : null;
  if (!link || link.hasAttribute('target') || link.hasAttribute('download')) return;
  if (link.getAttribute('href')?.startsWith('#')) return;
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener');
}
