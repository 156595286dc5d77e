/** Puts DOM nodes in their places without losing what the user was doing in them: focus, caret, scrolling, playing. */

/** `Node.moveBefore` keeps all of it by itself; not every browser has it. */
interface Movable extends Node {
  moveBefore?(node: Node, before: Node | null): void;
}

export class Placing {
  /** What was scrolled inside the view: asking every element would cost a layout. */
  private readonly scrolled = new Set<Element>();

  constructor(place: EventTarget, signal: AbortSignal) {
    this.watch(place, signal);
  }

  /** Heed what is scrolled in one more place. */
  watch(place: EventTarget, signal: AbortSignal): void {
    const heard = ({ target }: Event): void => void (target instanceof Element && this.scrolled.add(target));
    place.addEventListener('scroll', heard, { capture: true, passive: true, signal });
  }

  /** Put a node in front of another, at the end for null. */
  put(parent: Movable, node: Node, before: Node | null): void {
    if (node.parentNode === parent && node.nextSibling === before) return;
    // What was inside becomes what is around: that comes out first, and gets its place when it is complete.
    if (node.firstChild && node.contains(parent)) parent.parentNode?.removeChild(parent);
    if (!node.isConnected || !parent.isConnected) {
      parent.insertBefore(node, before);
    } else if (parent.moveBefore) {
      parent.moveBefore(node, before);
    } else {
      this.move(parent, node, before);
    }
  }

  private move(parent: Node, node: Node, before: Node | null): void {
    const restore = [focusIn(node), ...this.scrollingIn(node)];
    parent.insertBefore(node, before);
    for (const each of restore) each?.();
  }

  private *scrollingIn(node: Node): Generator<() => void> {
    for (const element of this.scrolled) {
      if (!element.isConnected) {
        this.scrolled.delete(element);
      } else if (node.contains(element)) {
        const { scrollLeft, scrollTop } = element;
        yield () => element.scrollTo(scrollLeft, scrollTop);
      }
    }
  }
}

/** What gives the focus back to an element inside a node, with its caret; nothing if the focus is elsewhere. */
function focusIn(node: Node): (() => void) | undefined {
  const active = (node.getRootNode() as Document | ShadowRoot).activeElement;
  if (!(active instanceof HTMLElement) || !node.contains(active)) return undefined;
  const back = caretOf(active);
  return () => {
    active.focus({ preventScroll: true });
    back();
  };
}

/** What puts the caret of a text field back to where it is now. */
export function caretOf(element: Element): () => void {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return () => undefined;
  const { selectionStart, selectionEnd, selectionDirection } = element;
  if (selectionStart === null) return () => undefined; // a kind of input that has no caret
  return () => element.setSelectionRange(selectionStart, selectionEnd, selectionDirection ?? undefined);
}

/** Take DOM nodes out of the page, those of a place that becomes empty at once, which is many times faster. */
export function takeAway(doms: Iterable<Node>): void {
  const places = new Map<Node, Node[]>();
  for (const dom of doms) {
    const place = dom.parentNode;
    if (!place) continue;
    const leaving = places.get(place);
    if (leaving) leaving.push(dom);
    else places.set(place, [dom]);
  }
  for (const [place, leaving] of places) {
    if (leaving.length === place.childNodes.length) place.textContent = '';
    else for (const dom of leaving) place.removeChild(dom);
  }
}
