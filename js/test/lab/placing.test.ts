// @vitest-environment node
import { describe, expect, test } from 'vitest';

import { place, type ILines } from '../../lab/src/placing';
import { Random } from '../support/random';

/** Each line a statement. */
function lines(text: string): ILines[] {
  return text.split('\n').map((_, k) => ({ lineStart: k + 1, lineEnd: k + 1 }));
}

/** The first line of each statement in `now`. */
function starts(source: string, now: string, statements = lines(source)): (number | undefined)[] {
  return place(statements, source, now).map(each => each?.lineStart);
}

describe('a statement', () => {
  test('stays where it is when the text is the same', () => {
    const statements = [{ lineStart: 1, lineEnd: 2 }, { lineStart: 4, lineEnd: 4 }];
    expect(place(statements, 'a(\n)\n\nb', 'a(\n)\n\nb')).toEqual(statements);
  });

  test('is the same whichever way its lines end', () => {
    expect(starts('a\r\nb\rc', 'x\na\nb\nc', lines('a\nb\nc'))).toEqual([2, 3, 4]);
  });

  test('moves down with what is written above it, and up with what is deleted there', () => {
    expect(starts('a\nb', '# one\n# two\na\nb')).toEqual([3, 4]);
    expect(starts('# one\na\nb', 'a\nb')).toEqual([undefined, 1, 2]);
  });

  test('is gone when it is deleted or rewritten, and the others are not', () => {
    expect(starts('a\nb\nc', 'a\nc')).toEqual([1, undefined, 2]);
    expect(starts('a\nb\nc', 'a\nb + 1\nc')).toEqual([1, undefined, 3]);
  });

  test('is gone when one of its lines is', () => {
    const statements = [{ lineStart: 1, lineEnd: 3 }, { lineStart: 4, lineEnd: 4 }];
    expect(place(statements, 'f(\n1,\n)\nb', 'f(\n)\nb')).toEqual([undefined, { lineStart: 3, lineEnd: 3 }]);
  });

  test('that was deleted is not taken for one that reads like it', () => {
    expect(starts('x\ny\nx\nb', 'y\nx\nb')).toEqual([undefined, 1, 2, 3]);
    expect(starts('a\nx\nx\nb', 'A\nx\nB')).toEqual([undefined, 2, undefined, undefined]);
    expect(starts('x\nx\ny', 'x\ny')).toEqual([1, undefined, 2]);
  });

  test('is not sought above one that stood before it', () => {
    expect(starts('a\nb\nz', 'y\nb\na\nw')).toEqual([3, undefined, undefined]);
  });

  test('that shares its line with another moves with it', () => {
    const statements = [
      { lineStart: 1, lineEnd: 1 },
      { lineStart: 1, lineEnd: 2 },
      { lineStart: 2, lineEnd: 2 },
      { lineStart: 3, lineEnd: 3 }
    ];
    expect(starts('a; f(\n); b\nc', '#\na; f(\n); b\n#\nc + 1', statements)).toEqual([2, 2, 3, undefined]);
  });

  test('that begins in what is alike at the top and ends in what is alike at the bottom is found', () => {
    expect(place([{ lineStart: 1, lineEnd: 2 }], 'f(\n)', 'f(\nf(\n)')).toEqual([{ lineStart: 2, lineEnd: 3 }]);
  });

  test('of which only the lines are known stands on them, if the text has so many', () => {
    expect(place(lines('a\nb\nc'), undefined, 'x\ny').map(each => each?.lineStart)).toEqual([1, 2, undefined]);
  });
});

/** A text and its statements: of one line or two, some sharing a line, some apart by an empty line. */
function randomCell(random: Random, words: (k: number) => string): { source: string[]; statements: ILines[] } {
  const source: string[] = [];
  const statements: ILines[] = [];
  for (let k = 1 + random.below(8); k > 0; k--) {
    if (source[source.length - 1] && random.is(0.2)) {
      statements.push({ lineStart: source.length, lineEnd: source.length });
      continue;
    }
    const lineStart = source.push(words(k));
    const lineEnd = random.is(0.3) ? source.push(words(-k)) : lineStart;
    statements.push({ lineStart, lineEnd });
    if (random.is(0.2)) {
      source.push('');
    }
  }
  return { source, statements };
}

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

test.each(seeds)('after any edits, what is placed reads as it did and stands in its order (random %i)', seed => {
  const random = new Random(seed);
  const word = () => random.pick(['a', 'b', 'c']);
  const { source, statements } = randomCell(random, word);
  const now = [...source];
  for (let k = random.below(5); k > 0; k--) {
    now.splice(random.below(now.length + 1), random.below(3), ...Array.from({ length: random.below(3) }, word));
  }
  const places = place(statements, source.join('\n'), now.join('\n'));
  let before: { was: ILines; is: ILines } | undefined;
  places.forEach((is, index) => {
    const was = statements[index];
    if (is) {
      expect(now.slice(is.lineStart - 1, is.lineEnd)).toEqual(source.slice(was.lineStart - 1, was.lineEnd));
      if (before && was.lineStart > before.was.lineEnd) {
        expect(is.lineStart).toBeGreaterThan(before.is.lineEnd);
      } else if (before) {
        expect(is.lineStart).toBeGreaterThanOrEqual(before.is.lineEnd);
      }
      before = { was, is };
    }
  });
});

test.each(seeds)('after one edit, every statement that it did not touch is placed where it moved (random %i)', seed => {
  const random = new Random(seed);
  const { source, statements } = randomCell(random, k => `word ${k}`);
  const at = random.below(source.length + 1);
  const deleted = Math.min(random.below(3), source.length - at);
  const added = Array.from({ length: deleted ? random.below(3) : 1 }, (_, k) => `new ${k}`);
  const now = [...source];
  now.splice(at, deleted, ...added);
  const shift = added.length - deleted;
  const expected = statements.map(({ lineStart, lineEnd }) => {
    if (lineEnd <= at) {
      return { lineStart, lineEnd };
    }
    return lineStart > at + deleted ? { lineStart: lineStart + shift, lineEnd: lineEnd + shift } : undefined;
  });
  expect(place(statements, source.join('\n'), now.join('\n'))).toEqual(expected);
});
