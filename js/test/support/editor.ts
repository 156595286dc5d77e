/** A CodeMirror editor in the page, and what it shows. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { onTestFinished } from 'vitest';

export function editor(doc: string): EditorView {
  const view = new EditorView({ state: EditorState.create({ doc }), parent: document.body });
  onTestFinished(() => view.destroy());
  return view;
}

/** Each line's text, and behind it its marks: sign, time and result, with a `~` before a stale one. */
export function drawn(view: EditorView): string[] {
  return Array.from(view.contentDOM.querySelectorAll('.cm-line'), line => {
    const boxes = Array.from(line.querySelectorAll<HTMLElement>('.sf-mark'));
    const marks = line.matches('.sf-mark') ? [line as HTMLElement, ...boxes] : boxes;
    const told = marks.map(
      ({ classList, dataset }) => (classList.contains('sf-stale') ? '~' : '') + dataset.words?.replaceAll('  ', '')
    );
    const text = Array.from(line.childNodes, node => (node.nodeType === Node.TEXT_NODE ? node.textContent : '')).join('');
    return [text, ...told].join(' ').trim();
  });
}

/** The state that the strip shows on each line, with a `~` before what is stale. */
export function strip(view: EditorView): string[] {
  return Array.from(view.contentDOM.querySelectorAll('.cm-line'), line => {
    if (!line.matches('.sf-strip')) {
      return '';
    }
    const state = Array.from(line.classList).find(name => name.startsWith('sf-') && !/^sf-(strip|stale|mark)$/.test(name));
    return (line.classList.contains('sf-stale') ? '~' : '') + (state?.slice('sf-'.length) ?? '');
  });
}

/** Replace the first place where `old` stands. Returns the way back. */
export function edit(view: EditorView, old: string, text: string): () => void {
  const from = view.state.doc.toString().indexOf(old);
  if (from < 0) {
    throw new Error(`The editor has no ${JSON.stringify(old)}: ${JSON.stringify(view.state.doc.toString())}`);
  }
  return change(view, from, from + old.length, text);
}

/** Replace a range, as typing, pasting or deleting does. Returns the way back. */
export function change(view: EditorView, from: number, to: number, insert: string): () => void {
  const changes = view.state.changes({ from, to, insert });
  const back = changes.invert(view.state.doc);
  view.dispatch({ changes });
  return () => view.dispatch({ changes: back });
}
