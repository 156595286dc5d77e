import { expect, test } from 'vitest';

import { stepBehind } from '../../lab/src/file_selection';
import { editor } from '../support/editor';

test.each([
  ['the next line', 'a\nb', 1, 2],
  ['the next line with a text, over empty ones', 'a\n\n  \nb', 1, 4],
  ['where it is when nothing follows', 'a\nb\n\n', 2, 1]
])('the cursor steps to %s', (_, text, line, expected) => {
  const view = editor(text);
  stepBehind(view, line);
  expect(view.state.doc.lineAt(view.state.selection.main.head).number).toBe(expected);
});
