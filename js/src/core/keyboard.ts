/**
 * Keeps a notebook's shortcuts away from what is typed into controls.
 *
 * JupyterLab hears keys at the document before any element does, and passes over those from elements with an attribute of
 * Lumino's. They have it only while a key is pressed that the control has a use for, so Ctrl-S still saves the notebook.
 */

const SUPPRESSED = 'data-lm-suppress-shortcuts';
const TYPED_IN = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const PRESSED = 'button, summary, a[href]';
const PRESSING = new Set(['Enter', ' ']);
/** What has a use for the keys that lead through a thing as well. */
const WALKED = '[tabindex], audio[controls], video[controls]';
export const WALKING: ReadonlySet<string> = new Set([...PRESSING, 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);
/** A canvas that keys are told of, as of a game: it has a use for all but the one that leads on. */
const PLAYED = 'canvas[tabindex]';
/** Shortcuts of text fields, which are also some notebook's. */
const EDITING = new Set(['a', 'c', 'v', 'x', 'y', 'z']);

export class Keyboard {
  private readonly places: Element[] = [];

  constructor(private readonly signal: AbortSignal) {
    window.addEventListener('keydown', event => this.early(event), { capture: true, signal });
  }

  /** Care for the controls in one more place. */
  watch(place: HTMLElement): void {
    const { signal } = this;
    this.places.push(place);
    signal.addEventListener('abort', () => this.places.splice(0));
    place.addEventListener('keydown', event => usesKey(event) && event.stopPropagation(), { signal });
    // The browser's own menu, with Paste and the spelling, is the right one for a text.
    place.addEventListener('contextmenu', event => isTypedIn(event) && event.stopPropagation(), { signal });
  }

  private early(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || !usesKey(event)) return;
    const path = event.composedPath();
    if (!this.places.some(place => path.includes(place)) || target.hasAttribute(SUPPRESSED)) return;
    // Lumino looks at the element as the document sees it: in a shadow root that is its host.
    const seen = event.target instanceof Element && event.target !== target ? event.target : target;
    const marked = path.find((each): each is Element => each instanceof Element && each.getRootNode() === document) ?? seen;
    marked.setAttribute(SUPPRESSED, 'true');
    setTimeout(() => marked.removeAttribute(SUPPRESSED));
  }
}

/** Whether the control that has the focus has a use for a key itself. */
function usesKey(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, key, metaKey, shiftKey } = event;
  const target = event.composedPath()[0];
  if (!(target instanceof Element) || key === 'Escape') return false;
  if (target.closest(TYPED_IN)) {
    if (ctrlKey || metaKey) return EDITING.has(key.toLowerCase());
    return !(key === 'Enter' && (shiftKey || altKey));
  }
  if (ctrlKey || metaKey || altKey || (key === 'Enter' && shiftKey)) return false;
  if (target.matches(PLAYED)) return key !== 'Tab';
  return target.closest(PRESSED) ? PRESSING.has(key) : WALKING.has(key) && target.matches(WALKED);
}

function isTypedIn(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && !!target.closest(TYPED_IN);
}
