/**
 * The form in which trees and patches travel: flow's renderer/wire.py tells it.
 *
 * Nodes that are alike share a shape, and an id is told as its difference from the id told before it.
 */

import { isBinary, trimmed } from './binary';
import type { Binary } from './binary';
import { TreeNode } from './tree';
import type { Tree } from './tree';

/** How the page is to listen; `true` for plainly. */
export interface Listening {
  prevent_default?: boolean;
  stop_propagation?: boolean;
  /** Milliseconds of quiet before an event is told. */
  debounce?: number;
  /** Milliseconds between two that are told. */
  throttle?: number;
  once?: boolean;
  keys?: string[];
}

export type Prop = string | number | true | Listening | Binary;
export type Props = Readonly<Record<string, Prop>>;
export type Shape = readonly [tag: string, props?: Props];
export type WireNode = readonly [shape: number, id: number, inside?: string | readonly WireNode[]];
/** One operation, or several of the same kind, the parts of each behind those of the one before. */
export type WireOperation = readonly [kind: string, ...told: unknown[]];
/** The last event of each page that was handled. */
export type Seen = Readonly<Record<string, number>>;

export interface WireTree {
  revision: number;
  shapes: readonly Shape[];
  /** Where it is saved, a text of JSON: hosts go through what they are given, and notebooks spread it over lines. */
  root: WireNode | string;
}

export interface WirePatch {
  revision: number;
  shapes: readonly Shape[];
  operations: readonly WireOperation[];
}

export type Operation =
  | { kind: 'text'; id: number; text: string }
  | { kind: 'set'; id: number; name: string; value: Prop }
  | { kind: 'unset'; id: number; name: string }
  | { kind: 'append'; id: number; name: string; value: Binary }
  | { kind: 'insert'; parent: number; before: number | null; nodes: TreeNode[] }
  | { kind: 'move'; parent: number; before: number | null; child: number }
  | { kind: 'remove'; child: number }
  | { kind: 'replace'; id: number; node: TreeNode }
  | { kind: 'call'; id: number; method: string; args: unknown[] };

/** What the kernel says, by kind. */
export type FromKernel =
  | ({ kind: 'patch'; seen?: Seen } & WirePatch)
  | ({ kind: 'snapshot'; seen?: Seen } & WireTree)
  | ({ kind: 'error' } & Failure)
  | { kind: 'received'; page: string; upload: number; size: number }
  | { kind: 'seen'; seen?: Seen };

/** An error of the user's Python. */
export interface Failure {
  id: number | string;
  title: string;
  traceback: string;
  where?: string;
}

/** How many parts each kind of operation is told in. */
const PARTS: ReadonlyMap<string, number> = new Map(
  Object.entries({ text: 2, set: 3, unset: 2, append: 3, insert: 3, move: 3, remove: 1, replace: 2, call: 3 } satisfies Record<
    Operation['kind'],
    number
  >)
);

/** Nodes for the root of a tree. */
export function readTree({ shapes, root }: WireTree): TreeNode {
  return new Reader(shapes ?? []).node(typeof root === 'string' ? (JSON.parse(root) as WireNode) : root);
}

/** The operations of a patch. */
export function readPatch({ shapes, operations }: WirePatch): Operation[] {
  const reader = new Reader(shapes ?? []);
  return operations.flatMap(each => reader.operations(each));
}

/** A tree as it is saved. */
export function writeTree(tree: Tree, revision: number): WireTree {
  const writer = new Writer();
  const root = JSON.stringify(writer.node(tree.root));
  return { revision, shapes: writer.shapes, root };
}

class Reader {
  private last = 0;

  constructor(private readonly shapes: readonly Shape[]) {}

  node(wire: WireNode): TreeNode {
    const shape = this.shapes[wire[0]];
    if (!shape) throw new Error(`flow: a message names shape ${wire[0]} of ${this.shapes.length}`);
    const inside = wire[2];
    const node = new TreeNode(this.id(wire[1]), shape, typeof inside === 'string' ? inside : '');
    if (inside && typeof inside !== 'string') {
      for (const child of inside) node.link(this.node(child), null);
    }
    return node;
  }

  operations([kind, ...told]: WireOperation): Operation[] {
    const parts = PARTS.get(kind);
    if (parts === undefined) {
      throw new Error(`flow: this page knows no operation ${JSON.stringify(kind)}; it may be older than the kernel`);
    }
    const read: Operation[] = [];
    for (let at = 0; at < told.length; at += parts) {
      read.push(this.operation(kind as Operation['kind'], told.slice(at, at + parts)));
    }
    return read;
  }

  /** Reads an operation in the order in which it is written, for each id leans on the one before. */
  private operation(kind: Operation['kind'], told: unknown[]): Operation {
    const id = this.id(told[0] as number);
    switch (kind) {
      case 'text':
        return { kind, id, text: told[1] as string };
      case 'set':
        return { kind, id, name: told[1] as string, value: told[2] as Prop };
      case 'unset':
        return { kind, id, name: told[1] as string };
      case 'append':
        return { kind, id, name: told[1] as string, value: told[2] as Binary };
      case 'insert': {
        const before = this.before(told[1]);
        return { kind, parent: id, before, nodes: (told[2] as WireNode[]).map(each => this.node(each)) };
      }
      case 'move': {
        const before = this.before(told[1]);
        return { kind, parent: id, before, child: this.id(told[2] as number) };
      }
      case 'remove':
        return { kind, child: id };
      case 'replace':
        return { kind, id, node: this.node(told[1] as WireNode) };
      case 'call':
        return { kind, id, method: told[1] as string, args: (told[2] as unknown[]) ?? [] };
    }
  }

  private id(difference: number): number {
    return (this.last += difference);
  }

  private before(told: unknown): number | null {
    return typeof told === 'number' ? this.id(told) : null;
  }
}

class Writer {
  readonly shapes: Shape[] = [];
  private readonly known = new Map<Shape, number>();
  private readonly alike = new Map<string, number>();
  private last = 0;

  node(node: TreeNode): WireNode {
    const shape = this.shape(node.shape);
    const difference = node.id - this.last;
    this.last = node.id;
    if (node.text) return [shape, difference, node.text];
    return node.first ? [shape, difference, Array.from(node.children(), each => this.node(each))] : [shape, difference];
  }

  private shape(shape: Shape): number {
    let index = this.known.get(shape);
    if (index === undefined) {
      const [tag, props] = shape;
      const told: Shape = props && Object.keys(props).length ? [tag, trimmed(props)] : [tag];
      // What is bytes looks alike as text, whatever they are.
      const key = Object.values(props ?? {}).some(isBinary) ? null : JSON.stringify(told);
      index = (key === null ? undefined : this.alike.get(key)) ?? this.shapes.push(told) - 1;
      if (key !== null) this.alike.set(key, index);
      this.known.set(shape, index);
    }
    return index;
  }
}
