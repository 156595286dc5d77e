/** Keeps in sight what the keyboard is on, in a list or tree that has the focus itself and names its active item. */

const NAME = 'aria-activedescendant';

export function followActive(place: HTMLElement, signal: AbortSignal): void {
  const observer = new MutationObserver(records => records.forEach(({ target }) => show(target as Element)));
  observer.observe(place, { subtree: true, attributeFilter: [NAME] });
  signal.addEventListener('abort', () => observer.disconnect());
}

/** Scroll no further than needed, and only for whoever uses the keyboard here: in another view nothing moves. */
function show(owner: Element): void {
  if (!owner.matches(':focus')) return;
  const item = owner.querySelector(`[id=${JSON.stringify(owner.getAttribute(NAME) ?? '')}]`);
  item?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
