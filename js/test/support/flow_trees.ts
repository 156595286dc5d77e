/** Random trees and patches for the tests of flow's page, and a small way to write trees by hand. */

import type { Shape, WireNode, WireOperation, WireTree, Props } from '../../src/core/wire';
import { Random } from './random';

/** A node by hand: tag, id, props, and a text or nodes. */
export interface Plain {
  tag: string;
  id: number;
  props: Props;
  inside: string | Plain[];
}

export function node(tag: string, id: number, props: Props = {}, inside: string | Plain[] = []): Plain {
  return { tag, id, props, inside };
}

/** Writes a message's ids and shapes as the kernel does: a second witness beside the page's own writer. */
export class Told {
  readonly shapes: Shape[] = [];
  private last = 0;

  id(id: number): number {
    const difference = id - this.last;
    this.last = id;
    return difference;
  }

  node({ tag, id, props, inside }: Plain): WireNode {
    const shape: Shape = Object.keys(props).length ? [tag, props] : [tag];
    const index = this.shapes.push(shape) - 1;
    const difference = this.id(id);
    if (typeof inside === 'string') return [index, difference, inside];
    return inside.length ? [index, difference, inside.map(each => this.node(each))] : [index, difference];
  }

  operations(...operations: PlainOperation[]): WireOperation[] {
    return operations.map(([kind, ...parts]) => [
      kind,
      ...parts.map((part, at) => {
        if (kind === 'insert' && at === 2) return (part as Plain[]).map(each => this.node(each));
        if (kind === 'replace' && at === 1) return this.node(part as Plain);
        const isId = at === 0 || ((kind === 'insert' || kind === 'move') && at < 3);
        return isId && part !== null ? this.id(part as number) : part;
      })
    ]);
  }
}

/** An operation with ids as they are. */
export type PlainOperation = readonly [kind: string, ...parts: unknown[]];

export function treeOf(root: Plain, revision = 1): WireTree {
  const told = new Told();
  const written = told.node(root);
  return { revision, shapes: told.shapes, root: written };
}

const TAGS = ['div', 'span', 'ul', 'b', 'section'];
const PROPS: readonly Props[] = [{}, { class: 'x' }, { title: 't', hidden: true }, { 'data-n': 3 }];

/** A random tree with new ids from `first` on. */
export function randomNode(random: Random, first: { id: number }, depth = 3): Plain {
  const id = (first.id += 1 + random.below(40));
  if (depth < 3 && random.is(0.2)) return node('#text', id, {}, `t${random.below(50)}`);
  if (depth === 0 || random.is(0.25)) {
    return node(random.pick(TAGS), id, random.pick(PROPS), random.is(0.5) ? `w${random.below(50)}` : []);
  }
  const children = Array.from({ length: random.below(5) }, () => randomNode(random, first, depth - 1));
  return node(random.pick(TAGS), id, random.pick(PROPS), children);
}

export function allOf(root: Plain): Plain[] {
  return [root, ...(typeof root.inside === 'string' ? [] : root.inside.flatMap(allOf))];
}

/** Changes a tree by hand at random places, as a patch would; returns that patch. */
export function randomPatch(random: Random, root: Plain, first: { id: number }, length: number): PlainOperation[] {
  return Array.from({ length }, () => randomOperation(random, root, first)).filter(each => each !== undefined);
}

function randomOperation(random: Random, root: Plain, first: { id: number }): PlainOperation | undefined {
  const all = allOf(root);
  const at = random.pick(all);
  const parents = all.filter(each => each.tag !== '#text' && Array.isArray(each.inside)) as (Plain & { inside: Plain[] })[];
  const parent = parents.length ? random.pick(parents) : undefined;
  const place = parent ? random.below(parent.inside.length + 1) : 0;
  const before = parent?.inside[place]?.id ?? null;
  switch (random.below(6)) {
    case 0:
      at.inside = at.tag === '#text' || random.is(0.7) ? `new ${random.below(99)}` : '';
      if (at.inside === '' && at.tag !== '#text') at.inside = [];
      return ['text', at.id, at.inside === '' || Array.isArray(at.inside) ? '' : at.inside];
    case 1: {
      if (at.tag === '#text') return undefined;
      const value = `v${random.below(9)}`;
      at.props = { ...at.props, title: value };
      return ['set', at.id, 'title', value];
    }
    case 2: {
      if (at.tag === '#text' || !('class' in at.props)) return undefined;
      const { class: _, ...rest } = at.props;
      at.props = rest;
      return ['unset', at.id, 'class'];
    }
    case 3: {
      if (!parent) return undefined;
      const nodes = Array.from({ length: 1 + random.below(3) }, () => randomNode(random, first, 1));
      parent.inside.splice(place, 0, ...nodes);
      return ['insert', parent.id, before, structuredClone(nodes)];
    }
    case 4: {
      const home = parents.find(each => each.inside.includes(at));
      if (!home) return undefined;
      home.inside.splice(home.inside.indexOf(at), 1);
      return ['remove', at.id];
    }
    default: {
      if (!parent?.inside.length) return undefined;
      const child = random.pick(parent.inside);
      if (child.id === before) return undefined;
      parent.inside.splice(parent.inside.indexOf(child), 1);
      const index = before === null ? parent.inside.length : parent.inside.findIndex(each => each.id === before);
      parent.inside.splice(index, 0, child);
      return ['move', parent.id, before, child.id];
    }
  }
}
