import { pythonLanguage } from '@codemirror/lang-python';
import { EditorState } from '@codemirror/state';
import { describe, expect, test } from 'vitest';

import { hasStatement, linesAround, selectedLines } from '../../lab/src/lines';

/** An editor's state, with a `|` at each end of the selection. */
function state(marked: string): EditorState {
  const [before, ...rest] = marked.split('|');
  const head = before.length + (rest.length > 1 ? rest[0].length : 0);
  const doc = marked.replaceAll('|', '');
  return EditorState.create({ doc, selection: { anchor: before.length, head }, extensions: pythonLanguage });
}

describe('the selected lines', () => {
  test.each([
    ['a\nb|b\nc', 2, 2],
    ['a\n|\nc', 2, 2],
    ['a|a\nbb\nc|c', 1, 3],
    ['|aa\nbb\n|cc', 1, 2],
    ['aa|\n|bb', 1, 1],
    ['a|a\nb|b', 1, 2]
  ])('of %j are %i to %i', (marked, first, last) => {
    expect(selectedLines(state(marked))).toEqual({ first, last });
  });

  test('are taken whole for a line among them, and not for one outside', () => {
    const selected = state('a\n|b\nc|\nd');
    expect(linesAround(selected, 3)).toEqual({ first: 2, last: 3 });
    expect(linesAround(selected, 4)).toEqual({ first: 4, last: 4 });
  });
});

describe('a line', () => {
  const source = `x = 1

# a comment
def f():
    a = 1
    # inside
\n    return a
    # behind

"""
# text, not a comment
"""
%time f()
y = (1,

     2)
# the end`;
  const python = EditorState.create({ doc: source, extensions: pythonLanguage });
  const has = Array.from({ length: python.doc.lines }, (_, k) => hasStatement(python, { first: k + 1, last: k + 1 }));

  test('has a statement wherever Python says that one stands', () => {
    const bare = has.flatMap((each, k) => (each ? [] : [k + 1]));
    expect(bare).toEqual([2, 3, 9, 10, 18]);
  });

  test('that has none may be in a range that has one', () => {
    expect(hasStatement(python, { first: 2, last: 4 })).toBe(true);
    expect(hasStatement(python, { first: 2, last: 3 })).toBe(false);
  });

  test('of an unknown language is left to the kernel', () => {
    expect(hasStatement(EditorState.create({ doc: '' }), { first: 1, last: 1 })).toBe(true);
  });
});
