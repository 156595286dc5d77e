import { expect, test } from 'vitest';

import { Tree } from '../../src/core/tree';
import { readPatch, readTree, writeTree } from '../../src/core/wire';
import type { WireOperation } from '../../src/core/wire';
import { node, randomNode, Told, treeOf } from '../support/flow_trees';
import { Random } from '../support/random';

test('a tree that is read and written again is the same tree', () => {
  const random = new Random(7);
  for (let run = 0; run < 50; run++) {
    const told = treeOf(randomNode(random, { id: 2 ** 46 }), 4);
    const again = writeTree(new Tree(readTree(told)), 4);
    expect(new Tree(readTree(again)).nodes.size).toBe(new Tree(readTree(told)).nodes.size);
    expect(plain(again)).toEqual(plain(told));
  }
});

test('nodes that are alike are written with one shape', () => {
  const root = node('ul', 1, {}, [1, 2, 3].map(id => node('li', 10 * id, { class: 'row' }, 'x')));
  expect(writeTree(new Tree(readTree(treeOf(root))), 1)).toEqual({
    revision: 1,
    shapes: [['ul'], ['li', { class: 'row' }]],
    root: '[0,1,[[1,9,"x"],[1,10,"x"],[1,10,"x"]]]'
  });
});

test('each id of a patch leans on the one before it, also within its nodes, and no id is passed over', () => {
  const operations = readPatch({
    revision: 2,
    shapes: [['b'], ['i']],
    operations: [['insert', 100, null, [[0, 5, [[1, 1]]], [0, 10]]], ['move', -16, 5, 11], ['remove', -6], ['replace', -10, [1, 3]]]
  });
  const [inserted, ...rest] = operations;
  expect(inserted).toMatchObject({ kind: 'insert', parent: 100, before: null });
  expect(inserted?.kind === 'insert' && inserted.nodes.flatMap(each => [...each.all()].map(({ id }) => id))).toEqual([105, 106, 116]);
  expect(rest).toMatchObject([
    { kind: 'move', parent: 100, before: 105, child: 116 },
    { kind: 'remove', child: 110 },
    { kind: 'replace', id: 100, node: { id: 103 } }
  ]);
});

test('operations of one kind may be told in one', () => {
  const told: WireOperation[] = [['text', 100, 'a', 5, 'b'], ['remove', 1, 1], ['move', 1, null, 1, -1, 2, 3]];
  expect(readPatch({ revision: 2, shapes: [], operations: told })).toEqual([
    { kind: 'text', id: 100, text: 'a' },
    { kind: 'text', id: 105, text: 'b' },
    { kind: 'remove', child: 106 },
    { kind: 'remove', child: 107 },
    { kind: 'move', parent: 108, before: null, child: 109 },
    { kind: 'move', parent: 108, before: 110, child: 113 }
  ]);
});

test('a kind of operation that this page does not know is an error', () => {
  expect(() => readPatch({ revision: 2, shapes: [], operations: [['fold', 1]] })).toThrow('knows no operation "fold"');
});

test('a node of a shape that was not sent is an error', () => {
  expect(() => readTree({ revision: 1, shapes: [], root: [0, 1] })).toThrow('names shape 0 of 0');
});

/** What a told tree says, whatever its shapes are numbered. */
function plain(told: ReturnType<typeof treeOf>): unknown {
  return Array.from(readTree(told).all(), ({ id, tag, props, text, parent }) => ({ id, tag, props, text, in: parent?.id }));
}

test('the tests write ids as the kernel does', () => {
  const told = new Told();
  expect(told.operations(['set', 9, 'title', 'x'], ['insert', 9, 3, [node('b', 4)]])).toEqual([
    ['set', 9, 'title', 'x'],
    ['insert', 0, -6, [[0, 1]]]
  ]);
});
