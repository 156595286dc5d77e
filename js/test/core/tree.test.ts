import { expect, test } from 'vitest';

import { Tree, TreeNode } from '../../src/core/tree';

function grown(): Tree {
  const root = new TreeNode(1, ['div']);
  for (const id of [2, 3, 4]) root.link(new TreeNode(id, ['p']), null);
  return new Tree(root);
}

function idsOf(node: TreeNode): number[] {
  return Array.from(node.children(), each => each.id);
}

test('children stand in the order of the operations, forwards and backwards', () => {
  const tree = grown();
  tree.apply({ kind: 'move', parent: 1, before: 2, child: 4 });
  tree.apply({ kind: 'insert', parent: 1, before: 3, nodes: [new TreeNode(5, ['b']), new TreeNode(6, ['b'])] });
  tree.apply({ kind: 'remove', child: 2 });
  expect(idsOf(tree.root)).toEqual([4, 5, 6, 3]);
  const backwards = [];
  for (let each = tree.root.last; each; each = each.previous) backwards.push(each.id);
  expect(backwards).toEqual([3, 6, 5, 4]);
});

test('what is removed is remembered until the patch is through, then its ids are told', () => {
  const tree = grown();
  tree.apply({ kind: 'text', id: 1, text: 'none' });
  expect([...tree.leaving.keys()]).toEqual([2, 3, 4]);
  tree.apply({ kind: 'insert', parent: 1, before: null, nodes: [new TreeNode(3, ['p'])] });
  expect(tree.settle()).toEqual([2, 4]);
  expect(tree.leaving.size).toBe(0);
});

test('a prop that is set on one node is not set on those of the same shape', () => {
  const root = new TreeNode(1, ['div']);
  const shape = ['p', { class: 'x' }] as const;
  for (const id of [2, 3]) root.link(new TreeNode(id, shape), null);
  const tree = new Tree(root);
  tree.apply({ kind: 'set', id: 2, name: 'title', value: 't' });
  tree.apply({ kind: 'unset', id: 2, name: 'class' });
  expect([tree.node(2).props, tree.node(3).props]).toEqual([{ title: 't' }, { class: 'x' }]);
});

test('a root that becomes another is known by its new id', () => {
  const tree = grown();
  tree.apply({ kind: 'replace', id: 1, node: new TreeNode(9, ['main']) });
  expect([tree.root.id, [...tree.nodes.keys()], tree.settle()]).toEqual([9, [9], [1, 2, 3, 4]]);
});

test('an operation on an element that is not there is an error', () => {
  expect(() => grown().apply({ kind: 'text', id: 77, text: '' })).toThrow('no element 77');
});
