/**
 * The tree as the page knows it: what a new view is made from and what a notebook saves.
 *
 * Siblings are linked to each other, so that each operation takes the same time however many there are. Nodes that leave
 * are remembered until `settle`, for one that is inserted in the same patch has only changed its parent.
 */

import { joined } from './binary';
import type { Operation, Prop, Props, Shape } from './wire';

export const TEXT = '#text';
export const FRAGMENT = '#fragment';
const NO_PROPS: Props = {};

export class TreeNode {
  parent: TreeNode | null = null;
  previous: TreeNode | null = null;
  next: TreeNode | null = null;
  first: TreeNode | null = null;
  last: TreeNode | null = null;

  /** A shape is shared by the nodes that are alike: it is replaced, never changed. */
  constructor(
    readonly id: number,
    public shape: Shape,
    public text = ''
  ) {}

  get tag(): string {
    return this.shape[0];
  }

  get props(): Props {
    return this.shape[1] ?? NO_PROPS;
  }

  *children(): Generator<TreeNode> {
    for (let child = this.first; child; child = child.next) yield child;
  }

  /** This node and all that is inside, in reading order. */
  *all(): Generator<TreeNode> {
    let node: TreeNode | null = this;
    while (node) {
      yield node;
      let from: TreeNode = node;
      node = node.first;
      while (!node && from !== this) {
        node = from.next;
        if (!node) from = from.parent as TreeNode;
      }
    }
  }

  link(child: TreeNode, before: TreeNode | null): void {
    const previous = before ? before.previous : this.last;
    child.parent = this;
    child.previous = previous;
    child.next = before;
    if (previous) previous.next = child;
    else this.first = child;
    if (before) before.previous = child;
    else this.last = child;
  }

  unlink(): void {
    const { parent, previous, next } = this;
    if (previous) previous.next = next;
    else if (parent) parent.first = next;
    if (next) next.previous = previous;
    else if (parent) parent.last = previous;
    this.parent = this.previous = this.next = null;
  }
}

export class Tree {
  readonly nodes = new Map<number, TreeNode>();
  /** What left since `settle`, with all that was inside. */
  readonly leaving = new Map<number, TreeNode>();

  constructor(public root: TreeNode) {
    this.enter(root);
  }

  /** The node of an id; that there is none means that page and kernel have drifted apart. */
  node(id: number): TreeNode {
    const node = this.nodes.get(id);
    if (!node) throw new Error(`flow: there is no element ${id} on this page`);
    return node;
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'text': {
        const node = this.node(operation.id);
        this.empty(node);
        node.text = operation.text;
        return;
      }
      case 'set':
        return this.set(this.node(operation.id), operation.name, operation.value);
      case 'unset':
        return this.set(this.node(operation.id), operation.name, undefined);
      case 'append': {
        const node = this.node(operation.id);
        return this.set(node, operation.name, joined(node.props[operation.name], operation.value));
      }
      case 'insert': {
        const parent = this.node(operation.parent);
        const before = this.before(operation.before);
        for (const node of operation.nodes) {
          this.enter(node);
          parent.link(node, before);
        }
        return;
      }
      case 'move': {
        const child = this.node(operation.child);
        const before = this.before(operation.before);
        child.unlink();
        this.node(operation.parent).link(child, before);
        return;
      }
      case 'remove': {
        const child = this.node(operation.child);
        child.unlink();
        this.leave(child);
        return;
      }
      case 'replace':
        return this.replace(this.node(operation.id), operation.node);
      case 'call':
        this.node(operation.id);
        return;
    }
  }

  /** Another node in the place of one. */
  replace(old: TreeNode, node: TreeNode): void {
    const { parent, next } = old;
    old.unlink();
    this.leave(old);
    this.enter(node);
    if (parent) parent.link(node, next);
    else this.root = node;
  }

  /** The patch is through: what left and did not come back is gone. Returns the ids that are. */
  settle(): number[] {
    const gone = [...this.leaving.keys()].filter(id => !this.nodes.has(id));
    this.leaving.clear();
    return gone;
  }

  private before(id: number | null): TreeNode | null {
    return id === null ? null : this.node(id);
  }

  private set(node: TreeNode, name: string, value: Prop | undefined): void {
    const props: Record<string, Prop> = { ...node.props };
    if (value === undefined) delete props[name];
    else props[name] = value;
    node.shape = [node.tag, props];
  }

  private empty(node: TreeNode): void {
    for (const child of [...node.children()]) {
      child.unlink();
      this.leave(child);
    }
  }

  private enter(root: TreeNode): void {
    for (const node of root.all()) this.nodes.set(node.id, node);
  }

  private leave(root: TreeNode): void {
    for (const node of root.all()) {
      this.nodes.delete(node.id);
      this.leaving.set(node.id, node);
    }
  }
}
