/** A host of widgets for the tests of flow's page: a model that remembers what was sent, and speaks for the kernel. */

import factory from '../../src/index';
import type { Model, WidgetManager } from '../../src/core/host';
import type { FromKernel, Shape, WireNode, WireOperation, WireTree } from '../../src/core/wire';

export interface Sent {
  kind: string;
  page: string;
  [name: string]: unknown;
}

export class FakeModel implements Model {
  readonly sent: Sent[] = [];
  readonly buffers: ArrayBuffer[] = [];
  readonly state = new Map<string, unknown>();
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

export interface Page {
  model: FakeModel;
  /** Where the first view stands. */
  el: HTMLElement;
  content: HTMLElement;
  page: string;
  revision: number;
  /** Show the root in one more place. */
  show(): { el: HTMLElement; content: HTMLElement; end(): void };
  /** A patch that leads from the revision so far to the next. */
  patch(operations: WireOperation[], shapes?: Shape[], seen?: number): void;
  snapshot(shapes: Shape[], root: WireNode, seen?: number): void;
  end(): void;
  close(): void;
}

/** A tree in a page, as a host shows it. */
export function page(shapes: Shape[], root: WireNode, manager?: WidgetManager): Page {
  const model = new FakeModel({ revision: 1, shapes, root }, manager);
  const widget = factory();
  const close = widget.initialize({ model });
  const show = (): ReturnType<Page['show']> => {
    const el = document.createElement('div');
    document.body.append(el);
    const end = widget.render({ model, el });
    return {
      el,
      content: el.querySelector('.flow-content') as HTMLElement,
      end: () => {
        end();
        el.remove();
      }
    };
  };
  const first = show();
  const name = model.sent[0]?.page ?? '';
  const shown: Page = {
    ...{ model, close, page: name, revision: 1, show },
    ...first,
    patch: (operations, shapes = [], seen = 0) =>
      model.hear({ kind: 'patch', revision: ++shown.revision, shapes, operations, seen: { [name]: seen } }),
    snapshot: (shapes, root, seen = 0) =>
      model.hear({ kind: 'snapshot', revision: ++shown.revision, shapes, root, seen: { [name]: seen } })
  };
  return shown;
}
