/** Where the cursor goes after the lines that were run. */
import type { EditorView } from '@codemirror/view';

/** Put the cursor on the next line with any text behind a line, so that running again runs on. */
export function stepBehind(view: EditorView, line: number): void {
  const { doc } = view.state;
  for (let next = line + 1; next <= doc.lines; next++) {
    const { from, text } = doc.line(next);
    if (text.trim()) {
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      return;
    }
  }
}
