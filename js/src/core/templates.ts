/** Elements with all that the nodes of a shape have in common. Copies of one are cheaper than elements made anew. */

import { eventOf, isLate, setProp } from './props';
import { safeTag } from './safety';
import type { Prop, Shape } from './wire';

export const HTML = 'http://www.w3.org/1999/xhtml';
const NAMESPACES = new Map([
  ['svg', 'http://www.w3.org/2000/svg'],
  ['math', 'http://www.w3.org/1998/Math/MathML'],
]);

/** Who hears the events of a view. */
export interface Listeners {
  listen(type: string, how: Prop): void;
  watch(place: HTMLElement, signal: AbortSignal): void;
}

export interface Template {
  element: Element;
  /** Props that no copy takes along, or that wait for the children. */
  late: readonly string[];
  /** The namespace of the children. */
  within: string;
  isRich: boolean;
  hasId: boolean;
  wantsFocus: boolean;
}

export class Templates {
  private readonly known = new Map<string, WeakMap<Shape, Template>>();

  constructor(private readonly events: Listeners) {}

  of(shape: Shape, outer: string): Template {
    const namespace = NAMESPACES.get(shape[0]) ?? outer;
    let templates = this.known.get(namespace);
    if (!templates) this.known.set(namespace, (templates = new WeakMap()));
    let template = templates.get(shape);
    if (!template) templates.set(shape, (template = this.make(shape, namespace)));
    return template;
  }

  private make([tag, props = {}]: Shape, namespace: string): Template {
    const element = isRich(tag) ? document.createElement('div') : document.createElementNS(namespace, safeTag(tag));
    const late: string[] = [];
    for (const name in props) {
      const value = props[name] as Prop;
      const type = eventOf(name);
      if (type) this.events.listen(type, value);
      else if (isLate(name)) late.push(name);
      else if (!isFilling(tag, name)) setProp(element, name, value);
    }
    if (isRich(tag)) element.classList.add(richClass(tag));
    return {
      ...{ element, late, isRich: isRich(tag), hasId: 'id' in props, wantsFocus: 'autofocus' in props },
      within: tag === 'foreignObject' ? HTML : namespace,
    };
  }
}

/** Whether what is inside an element is not the tree's. */
export function isRich(tag: string): boolean {
  return tag === '#html' || tag === '#widget';
}

/** Whether a prop tells what is inside such an element. */
export function isFilling(tag: string, name: string): boolean {
  return isRich(tag) && (name === 'html' || name === 'model');
}

export function richClass(tag: string): string {
  return `flow-${tag.slice(1)}`;
}

/** The namespace that the children of a DOM node have. */
export function namespaceInside(dom: Node): string {
  return dom instanceof Element && dom.localName !== 'foreignObject' ? (dom.namespaceURI ?? HTML) : HTML;
}

/** Whether a DOM node is of the namespace that a tag has in a place. */
export function isOfNamespace(tag: string, outer: string, dom: Node): boolean {
  return !(dom instanceof Element) || isRich(tag) || dom.namespaceURI === (NAMESPACES.get(tag) ?? outer);
}
