import { afterEach, describe, expect, it, vi } from 'vitest';

import { filled, isSame, joined, trimmed, urlOf } from '../../src/core/binary';
import { setProp } from '../../src/core/props';
import { Tree } from '../../src/core/tree';
import { readTree, writeTree } from '../../src/core/wire';

const bytes = (...values: number[]): DataView => new DataView(new Uint8Array(values).buffer);
const png = (buffer: DataView | number) => ({ buffer, type: 'image/png' });

afterEach(() => vi.unstubAllGlobals());

function stubUrls(): void {
  let made = 0;
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => `blob:${(made += 1)}`, revokeObjectURL: () => {} }));
}

describe('bytes beside a message', () => {
  it('stand in their places once it is read, in shapes and in operations', () => {
    const one = bytes(1);
    const other = bytes(2);
    const told = filled(
      { shapes: [['img', { src: png(1) }]], operations: [['set', 5, 'src', png(0)], ['text', 1, 'a']] },
      [one, other]
    );
    expect(told.shapes[0][1]).toEqual({ src: { buffer: other, type: 'image/png' } });
    expect((told.operations[0][3] as { buffer: unknown }).buffer).toBe(one);
    expect(told.operations[1]).toEqual(['text', 1, 'a']);
  });

  it('are told again as different shapes when a tree is saved', () => {
    const shapes = [['p'], ['img', { src: png(bytes(1)) }], ['img', { src: png(bytes(2)) }]] as const;
    const root = [0, 1, [[1, 1], [2, 1]]] as const;
    const tree = new Tree(readTree({ revision: 0, shapes, root } as never));
    const saved = writeTree(tree, 0);
    expect(saved.shapes).toHaveLength(3);
    expect(saved.shapes[2][1]?.src).toBe(shapes[2][1].src);
  });
});

describe('bytes as an attribute', () => {
  it('are an address that is the same as long as the bytes are', () => {
    stubUrls();
    const image = document.createElement('img');
    const value = png(bytes(1, 2, 3));
    setProp(image, 'src', value);
    expect(image.getAttribute('src')).toBe('blob:1');
    setProp(image, 'src', value);
    expect(image.getAttribute('src')).toBe('blob:1');
    setProp(image, 'src', png(bytes(4)));
    expect(image.getAttribute('src')).toBe('blob:2');
  });

  it('are not shown where a script in them could run', () => {
    stubUrls();
    const frame = document.createElement('iframe');
    setProp(frame, 'src', png(bytes(1)));
    expect(frame.hasAttribute('src')).toBe(false);
    expect(urlOf({ buffer: bytes(1), type: 'text/html' }, 'img')).toBeUndefined();
    expect(urlOf(png(0), 'img')).toBeUndefined();
  });
});

describe('bytes that grow', () => {
  const drawing = (...values: number[]) => ({ buffer: bytes(...values), type: 'application/x-flow-drawing' });
  const values = ({ buffer }: { buffer: DataView | number }): number[] => {
    const { buffer: all, byteOffset, byteLength } = buffer as DataView;
    return [...new Uint8Array(all, byteOffset, byteLength)];
  };

  it('have what was added behind what there was, which stays as it is', () => {
    const first = drawing(1, 2);
    const second = joined(first, drawing(3));
    const third = joined(second, drawing(4, 5));
    expect([first, second, third].map(values)).toEqual([[1, 2], [1, 2, 3], [1, 2, 3, 4, 5]]);
    expect(values(joined(second, drawing(9)))).toEqual([1, 2, 3, 9]);
    expect(values(third)).toEqual([1, 2, 3, 4, 5]);
    expect(values(joined(undefined, drawing(7)))).toEqual([7]);
  });

  it('are copied now and then, not for each part that is added', () => {
    let grown = joined(undefined, drawing(0));
    const buffers = new Set<ArrayBufferLike>();
    for (let count = 0; count < 1000; count += 1) {
      grown = joined(grown, drawing(1, 2, 3));
      buffers.add((grown.buffer as DataView).buffer);
    }
    expect((grown.buffer as DataView).byteLength).toBe(3001);
    expect(buffers.size).toBeLessThan(15);
  });

  it('are saved without the room that was left for more', () => {
    const grown = joined(drawing(1), drawing(2, 3));
    const { drawing: saved } = trimmed({ drawing: grown, title: 't' }) as { drawing: { buffer: DataView } };
    expect(saved.buffer.buffer.byteLength).toBe(3);
    expect(values(saved)).toEqual([1, 2, 3]);
    const untouched = { drawing: drawing(1) };
    expect(trimmed(untouched).drawing.buffer).toBe(untouched.drawing.buffer);
  });

  it('are the same if each byte is', () => {
    expect(isSame(drawing(1, 2), drawing(1, 2))).toBe(true);
    expect(isSame(drawing(1, 2), drawing(1, 3))).toBe(false);
    expect(isSame(drawing(1, 2), drawing(1))).toBe(false);
    expect(isSame(png(bytes(1)), drawing(1))).toBe(false);
    expect(isSame({ keys: ['a'] }, { keys: ['a'] })).toBe(true);
  });
});
