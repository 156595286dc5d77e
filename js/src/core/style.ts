/** Brings the style sheet to where a view is shown: once to a document, once to a shadow root. */

import flow from '../style/flow.css';
import viz from '../style/viz.css';

const css = `${flow}\n${viz}`;

/** What says in a document that it has the style, also to other copies of this code: each widget may load its own. */
const MARK = Symbol.for('sideflow.flow.style');

interface Styled {
  [MARK]?: { text: string; change(text: string): void };
}

/** The style for an element, which may come into the page later. */
export function addStyle(element: HTMLElement, signal: AbortSignal): void {
  if (styleRoot(element.getRootNode())) return;
  styleRoot(element.ownerDocument);
  if (typeof ResizeObserver !== 'function') return;
  const observer = new ResizeObserver(() => {
    if (element.isConnected && styleRoot(element.getRootNode())) observer.disconnect();
  });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}

function styleRoot(root: Node): boolean {
  if (!(root instanceof Document || root instanceof ShadowRoot)) return false;
  const styled = root as (Document | ShadowRoot) & Styled;
  if (!styled[MARK]) styled[MARK] = { text: '', change: sheetIn(root) };
  const style = styled[MARK];
  if (style.text !== css) style.change((style.text = css));
  return true;
}

/** What sets the text of a style sheet of ours. */
function sheetIn(root: Document | ShadowRoot): (text: string) => void {
  try {
    const sheet = new CSSStyleSheet();
    root.adoptedStyleSheets.push(sheet);
    return text => sheet.replaceSync(text);
  } catch {
    const element = document.createElement('style');
    (root instanceof Document ? root.head : root).append(element);
    return text => (element.textContent = text);
  }
}
