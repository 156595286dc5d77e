/** A host of widgets for the tests of flow's page: a model that remembers what was sent, and speaks for the kernel. */

import factory from '../../src/index';
import type { Model, WidgetManager } from '../../src/core/host';
import type { FromKernel, WireTree } from '../../src/core/wire';
import { Told, treeOf } from './flow_trees';
import type { Plain, PlainOperation } from './flow_trees';

/** jsdom knows no sheets that are adopted, and does not read nested rules. */
class Sheet {
  replaceSync(text: string): void {
    sheets.push(text);
  }
}
export const sheets: string[] = [];
Object.assign(globalThis, { CSSStyleSheet: Sheet });
Object.assign(document, { adoptedStyleSheets: [] });

/** What a DOM tree is, whatever the order of attributes and however its texts are cut. */
export function structure(dom: Node): unknown {
  if (!(dom instanceof Element)) return dom.textContent;
  const inside: unknown[] = [];
  for (const child of dom.childNodes) {
    if (child instanceof Comment) continue;
    const last = inside.at(-1);
    if (child instanceof Text && typeof last === 'string') inside[inside.length - 1] = last + child.data;
    else if (!(child instanceof Text && !child.data)) inside.push(structure(child));
  }
  const attributes = Array.from(dom.attributes, ({ name, value }) => [name, value]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return [dom.localName, dom.namespaceURI, attributes, inside];
}

export interface Sent {
  kind: string;
  page: string;
  [name: string]: unknown;
}

export class FakeModel implements Model {
  readonly sent: Sent[] = [];
  readonly buffers: ArrayBuffer[] = [];
  readonly state = new Map<string, unknown>();
  sanitizer?: string;
  private readonly listeners = new Map<string, Set<(content: unknown) => void>>();

  constructor(
    tree: WireTree,
    public widget_manager?: WidgetManager
  ) {
    this.state.set('tree', tree);
  }

  get(name: string): unknown {
    return this.state.get(name);
  }

  set(name: string, value: unknown): void {
    this.state.set(name, value);
    this.tell(`change:${name}`, value);
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    this.sent.push(content as Sent);
    this.buffers.push(...buffers);
  }

  on(name: string, heard: (content: unknown) => void): void {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name)?.add(heard);
  }

  off(name: string, heard: (content: unknown) => void): void {
    this.listeners.get(name)?.delete(heard);
  }

  tell(name: string, content: unknown): void {
    for (const heard of this.listeners.get(name) ?? []) heard(content);
  }

  /** What the kernel says. */
  hear(message: FromKernel): void {
    this.tell('msg:custom', message);
  }

  ofKind(kind: string): Sent[] {
    return this.sent.filter(each => each.kind === kind);
  }

  /** The events told so far. */
  get events(): Record<string, unknown>[] {
    return this.ofKind('event').map(each => each.event as Record<string, unknown>);
  }

  get listening(): number {
    return [...this.listeners.values()].reduce((sum, each) => sum + each.size, 0);
  }
}

export interface Place {
  el: HTMLElement;
  content: HTMLElement;
  end(): void;
}

/** A root in a page, as a host shows it. */
export class Page {
  readonly model: FakeModel;
  readonly first: Place;
  readonly name: string;
  revision = 1;
  private readonly widget = factory();
  readonly close: () => void;

  constructor(root: Plain, manager?: WidgetManager) {
    this.model = new FakeModel(treeOf(root), manager);
    this.close = this.widget.initialize({ model: this.model });
    this.first = this.show();
    this.name = this.model.sent[0]?.page ?? '';
  }

  get content(): HTMLElement {
    return this.first.content;
  }

  get html(): string {
    return this.content.innerHTML;
  }

  /** Show the root in one more place. */
  show(): Place {
    const el = document.createElement('div');
    document.body.append(el);
    const end = this.showIn(el);
    const content = el.querySelector<HTMLElement>('.flow-content') as HTMLElement;
    return {
      ...{ el, content },
      end: () => {
        end();
        el.remove();
      }
    };
  }

  /** Show the root in a place of one's own. */
  showIn(el: HTMLElement): () => void {
    return this.widget.render({ model: this.model, el });
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    const found = this.content.querySelector<E>(selector);
    if (!found) throw new Error(`${selector} is not in ${this.html}`);
    return found;
  }

  /** A patch that leads from the revision so far to the next. `seen` is the last event that was handled before. */
  patch(operations: PlainOperation[], seen = 0): void {
    const told = new Told();
    const written = told.operations(...operations);
    this.revision += 1;
    this.model.hear({ kind: 'patch', revision: this.revision, shapes: told.shapes, operations: written, seen: this.seen(seen) });
  }

  snapshot(root: Plain, seen = 0): void {
    this.revision += 1;
    this.model.hear({ kind: 'snapshot', ...treeOf(root, this.revision), seen: this.seen(seen) });
  }

  private seen(serial: number): Record<string, number> {
    return { [this.name]: serial };
  }
}
