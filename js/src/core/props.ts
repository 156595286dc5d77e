/**
 * Sets what a node is told to be on its DOM element: attributes, and where those tell only how a control started, the
 * properties that tell how it is.
 */

import { isBinary, urlOf } from './binary';
import { forgetPicture, showPicture } from './pictures';
import { draw } from './drawing';
import { caretOf } from './placing';
import { isSafe } from './safety';
import type { Prop } from './wire';

/** What a user changes by typing and choosing. */
export const TYPED: ReadonlySet<string> = new Set(['value', 'checked', 'selected']);

const BOOLEAN_PROPERTIES = new Set(['checked', 'selected', 'muted', 'indeterminate']);

/** Those that a clone of an element does not take along, or that wait for its other attributes and its children. */
export function isLate(name: string): boolean {
  return name === 'value' || name === 'drawing' || BOOLEAN_PROPERTIES.has(name);
}

/** The event that an `on_` prop listens to, if it is one. */
export function eventOf(name: string): string | undefined {
  return name.startsWith('on_') ? name.slice(3) : undefined;
}

export function setProp(element: Element, name: string, value: Prop): void {
  if (isBinary(value)) {
    if (name === 'drawing' && element instanceof HTMLCanvasElement && value.buffer instanceof DataView) draw(element, value.buffer);
    const url = urlOf(value, element.localName);
    if (url && name === 'src' && element instanceof HTMLImageElement) showPicture(element, url);
    else if (url && (name === 'src' || name === 'poster')) setAttribute(element, name, url);
    return;
  }
  if (typeof value === 'object' || !isSafe(name, value)) return;
  if (name === 'style' && 'style' in element) {
    (element as HTMLElement | SVGElement).style.cssText = String(value); // where a page's policy allows no attribute
    return;
  }
  if (name === 'value' && hasValue(element)) return setValue(element, String(value));
  if (name === 'src' && element instanceof HTMLImageElement) forgetPicture(element);
  if (name !== 'indeterminate') setAttribute(element, name, value);
  if (BOOLEAN_PROPERTIES.has(name) && name in element) setBoolean(element, name, true);
}

export function unsetProp(element: Element, name: string): void {
  if (!isSafe(name, true)) return;
  if (name === 'value' && hasValue(element)) setValue(element, '');
  if (BOOLEAN_PROPERTIES.has(name) && name in element) setBoolean(element, name, false);
  if (name === 'src' && element instanceof HTMLImageElement) forgetPicture(element);
  element.removeAttribute(name);
}

type Valued = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function hasValue(element: unknown): element is Valued {
  return (
    element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
  );
}

/** A value that is there already is left alone, and with it the caret and what can be undone. */
function setValue(element: Valued, value: string): void {
  if (element instanceof HTMLSelectElement) return choose(element, value);
  if (element instanceof HTMLInputElement) {
    if (element.type === 'file') return; // no page may choose a file
    element.setAttribute('value', value);
  }
  if (element.value === value) return;
  const back = isFocused(element) ? caretOf(element) : undefined;
  element.value = value;
  back?.();
}

/** The value of a select for several is a text with one of its values in each line. */
function choose(select: HTMLSelectElement, value: string): void {
  if (!select.multiple) {
    if (select.value !== value) select.value = value;
    return;
  }
  const values = new Set(value.split('\n'));
  for (const option of select.options) option.selected = values.has(option.value);
}

function setAttribute(element: Element, name: string, value: string | number | true): void {
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

function setBoolean(element: Element, name: string, value: boolean): void {
  (element as unknown as Record<string, boolean>)[name] = value;
}

function isFocused(element: Element): boolean {
  return (element.getRootNode() as Document | ShadowRoot).activeElement === element;
}
