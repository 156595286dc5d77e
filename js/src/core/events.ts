/**
 * Hears the events of a view: one listener for each kind, however many elements listen.
 *
 * From the element where it happened outwards, by the tree and so also out of a portal, each element that listens is told.
 */

import { isBinary } from './binary';
import { eventData, isControl } from './event_data';
import type { Outbox } from './outbox';
import type { TreeNode } from './tree';
import type { Listening, Prop } from './wire';

/** Events that do not bubble: heard on their way in, and told to the element alone where they happen. */
const ALONE = new Set(
  (
    'abort beforetoggle blur cancel canplay canplaythrough close cuechange durationchange emptied ended error focus ' +
    'invalid load loadeddata loadedmetadata loadstart mouseenter mouseleave pause play playing pointerenter ' +
    'pointerleave progress ratechange resize scroll scrollend seeked seeking stalled suspend timeupdate toggle ' +
    'volumechange waiting'
  ).split(' ')
);
/** While these are listened to in the ordinary way, a page cannot scroll without asking us. */
const SLOWS_SCROLLING = new Set(['wheel', 'touchstart', 'touchmove']);
const PLAINLY: Listening = {};

/** What the delegation asks of its view. */
export interface Shown {
  nodeOf(dom: Node | null): TreeNode | undefined;
  elementOf(id: number): Element | undefined;
}

export class Delegation {
  private readonly heard = new Map<string, AbortController>();
  private readonly isActive = new Set<string>();
  /** Where events are heard, and until when. */
  private readonly places = new Map<EventTarget, AbortSignal>();

  constructor(
    private readonly shown: Shown,
    private readonly outbox: Outbox,
    private readonly signal: AbortSignal
  ) {}

  /** Hear events in one more place, until the signal ends it: the container, or the layer of a portal. */
  watch(place: EventTarget, signal: AbortSignal): void {
    this.places.set(place, signal);
    signal.addEventListener('abort', () => this.places.delete(place), { once: true });
    for (const [type, controller] of this.heard) this.add(place, type, AbortSignal.any([controller.signal, signal]));
  }

  /** Hear a kind of event from now on. */
  listen(type: string, how: Prop): void {
    const needsActive = SLOWS_SCROLLING.has(type) && !!listening(how).prevent_default && !this.isActive.has(type);
    if (this.heard.has(type) && !needsActive) return;
    if (needsActive) this.isActive.add(type);
    this.heard.get(type)?.abort();
    const controller = new AbortController();
    this.signal.addEventListener('abort', () => controller.abort(), { once: true, signal: controller.signal });
    this.heard.set(type, controller);
    for (const [place, ended] of this.places) this.add(place, type, AbortSignal.any([controller.signal, ended]));
    // A page takes what is dropped only where it is told so while it is dragged.
    if (type === 'drop') for (const each of ['dragenter', 'dragover']) this.listen(each, true);
  }

  private add(place: EventTarget, type: string, signal: AbortSignal): void {
    const passive = SLOWS_SCROLLING.has(type) ? !this.isActive.has(type) : undefined;
    place.addEventListener(type, event => this.hear(event), { capture: ALONE.has(type), passive, signal });
  }

  private hear(event: Event): void {
    const target = event.composedPath()[0];
    if (!(target instanceof Node)) return;
    const alone = ALONE.has(event.type);
    let node = this.shown.nodeOf(target);
    if (alone && node && this.shown.elementOf(node.id) !== target) return;
    for (; node; node = alone ? undefined : (node.parent ?? undefined)) {
      if (this.tell(event, node)) return;
    }
  }

  /** Tell an element of an event if it listens. Returns whether the event ends there. */
  private tell(event: Event, node: TreeNode): boolean {
    const { type } = event;
    if (node.props.on_drop !== undefined && /^(?:drop|dragenter|dragover)$/.test(type)) event.preventDefault();
    const told = node.props[`on_${type}`];
    const element = this.shown.elementOf(node.id);
    if (told === undefined || !element || element.matches(':disabled')) return false;
    const how = listening(told);
    if (how.keys && event instanceof KeyboardEvent && !how.keys.includes(event.key)) return false;
    if (how.prevent_default && event.cancelable) event.preventDefault();
    const control = event.composedPath()[0];
    const typed = isControl(control) && /^(?:input|change)$/.test(type) ? this.shown.nodeOf(control) : undefined;
    this.outbox.tell({
      id: node.id,
      type,
      data: eventData(event, element),
      how,
      typed: typed?.id,
      files: filesOf(event, element),
      element,
      isLimited: isLimited(event, control),
      isDecisive: isDecisive(event),
    });
    if (how.stop_propagation) event.stopPropagation();
    return !!how.stop_propagation;
  }
}

function listening(how: Prop): Listening {
  return typeof how === 'object' && !isBinary(how) ? how : PLAINLY;
}

const LIMITED = /^(?:mousemove|pointermove|touchmove|scroll|wheel|drag|dragover|resize|timeupdate|selectionchange)$/;

/** Whether more of them come than a kernel can answer, and the newest says it all. */
function isLimited({ type }: Event, control: EventTarget | undefined): boolean {
  const slides = control instanceof HTMLInputElement && /^(?:range|color)$/.test(control.type);
  return LIMITED.test(type) || (type === 'input' && slides);
}

/** Whether it asks for something to be done with what was typed: that goes first then. */
function isDecisive(event: Event): boolean {
  return /^(?:click|submit|change|drop)$/.test(event.type) || (event instanceof KeyboardEvent && event.key === 'Enter');
}

/** The files that an event brings, with the names of their fields in a form. */
function filesOf(event: Event, element: Element): [File, string?][] {
  const target = event.composedPath()[0];
  if (event.type === 'drop') return Array.from((event as DragEvent).dataTransfer?.files ?? [], file => [file]);
  if (event.type === 'submit' && element instanceof HTMLFormElement) {
    return Array.from(new FormData(element)).flatMap(([name, value]): [File, string][] =>
      typeof value !== 'string' && value.name ? [[value, name]] : []
    );
  }
  const isChoice = target instanceof HTMLInputElement && /^(?:input|change)$/.test(event.type);
  return isChoice ? Array.from(target.files ?? [], file => [file]) : [];
}
