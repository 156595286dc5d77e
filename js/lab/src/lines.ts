/** Which lines of an editor are meant, and whether a statement stands on them. */
import { ensureSyntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import type { SyntaxNode } from '@lezer/common';

/** Lines counted from 1, both included. */
export interface ILineRange {
  first: number;
  last: number;
}

/** Milliseconds to wait for the parser; a text that takes longer is taken at its word. */
const PATIENCE = 100;

/** The lines of the selection, or the cursor's. A selection that ends before a line's first letter leaves that line out. */
export function selectedLines({ doc, selection }: EditorState): ILineRange {
  const { from, to } = selection.main;
  const first = doc.lineAt(from).number;
  const end = doc.lineAt(to);
  return { first, last: end.number > first && to === end.from ? end.number - 1 : end.number };
}

/** The selection where a line is part of it, else that line alone. */
export function linesAround(state: EditorState, line: number): ILineRange {
  const selected = selectedLines(state);
  return selected.first <= line && line <= selected.last ? selected : { first: line, last: line };
}

/** Whether a statement has one of these lines. True where that cannot be told: then the kernel finds out. */
export function hasStatement(state: EditorState, { first, last }: ILineRange): boolean {
  const { doc } = state;
  const top = ensureSyntaxTree(state, doc.line(last).to, PATIENCE)?.topNode;
  if (top?.name !== 'Script') {
    return true;
  }
  for (let node = top.firstChild; node; node = node.nextSibling) {
    if (node.name !== 'Comment' && doc.lineAt(node.from).number <= last && lastLine(node, state) >= first) {
      return true;
    }
  }
  return false;
}

/** The parser lets a block reach over the line break behind it; to Python it ends with its last word. */
function lastLine(node: SyntaxNode, { doc }: EditorState): number {
  let word = node;
  while (word.lastChild) {
    word = word.lastChild;
  }
  return doc.lineAt(word.to).number;
}
