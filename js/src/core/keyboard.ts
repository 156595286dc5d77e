/**
 * Keeps a notebook's shortcuts away from what is typed into controls.
 *
 * JupyterLab hears keys at the document before any element does, and passes over those from elements with an attribute of
 * Lumino's. They have it only while a key is pressed that the control has a use for, so Ctrl-S still saves the notebook.
 */

import type { TreeNode } from './tree';

const SUPPRESSED = 'data-lm-suppress-shortcuts';
const TYPED_IN = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const PRESSED = 'button, summary, a[href]';
const PRESSING = new Set(['Enter', ' ']);
/** What has a use for the keys that lead through a thing as well. */
const WALKED = '[tabindex], audio[controls], video[controls]';
export const WALKING: ReadonlySet<string> = new Set([...PRESSING, 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);
/** A canvas that keys are told of, as of a game: it has a use for all but the one that leads on. */
const PLAYED = 'canvas[tabindex]';
/** What tells an element of a key. */
const LISTENING = ['on_keydown', 'on_keyup', 'on_keypress'];
/** Shortcuts of text fields, which are also some notebook's. */
const EDITING = new Set(['a', 'c', 'v', 'x', 'y', 'z']);

export class Keyboard {
  private readonly places = new Set<Element>();

  /** `nodeOf`: the node of the tree that a DOM node belongs to. */
  constructor(
    private readonly nodeOf: (dom: Node) => TreeNode | undefined,
    private readonly signal: AbortSignal
  ) {
    window.addEventListener('keydown', event => this.early(event), { capture: true, signal });
  }

  /** Care for the controls in one more place, until the signal ends that. */
  watch(place: HTMLElement, signal = this.signal): void {
    this.places.add(place);
    signal.addEventListener('abort', () => this.places.delete(place));
    place.addEventListener('keydown', event => this.isUsed(event) && event.stopPropagation(), { signal });
    // The browser's own menu, with Paste and the spelling, is the right one for a text.
    place.addEventListener('contextmenu', event => isTypedIn(event) && event.stopPropagation(), { signal });
  }

  private early(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const path = event.composedPath();
    if (!(target instanceof Element) || !path.some(each => this.places.has(each as Element))) return;
    if (target.hasAttribute(SUPPRESSED) || !this.isUsed(event)) return;
    // Lumino looks at the element as the document sees it: in a shadow root that is its host.
    const seen = event.target instanceof Element && event.target !== target ? event.target : target;
    const marked = path.find((each): each is Element => each instanceof Element && each.getRootNode() === document) ?? seen;
    marked.setAttribute(SUPPRESSED, 'true');
    setTimeout(() => marked.removeAttribute(SUPPRESSED));
  }

  private isUsed(event: KeyboardEvent): boolean {
    return usesKey(event) || this.isListenedTo(event);
  }

  /** Whether the element that has the focus, or one around it, listens to the key. */
  private isListenedTo(event: KeyboardEvent): boolean {
    const { altKey, ctrlKey, key, metaKey } = event;
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || target.closest(TYPED_IN) || key === 'Escape' || ctrlKey || metaKey || altKey) return false;
    for (let node = this.nodeOf(target); node; node = node.parent ?? undefined) {
      for (const name of LISTENING) {
        const how = node.props[name];
        const keys = typeof how === 'object' && 'keys' in how ? how.keys : undefined;
        if (keys ? keys.includes(key) : how !== undefined && key !== 'Tab') return true;
      }
    }
    return false;
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
