/** What is wrong with the app, over the page: errors with the lines around them, warnings as a note in the corner. */

import type { Failure, Overlay } from './dev_messages';

export class Overlays {
  private readonly errors = make('aside', 'flow-dev-errors');
  private readonly warnings = make('details', 'flow-dev-warnings');
  private readonly state = make('div', 'flow-dev-state');
  private told = '[]';

  constructor(body: HTMLElement) {
    this.errors.setAttribute('role', 'alert');
    this.state.setAttribute('role', 'status');
    body.append(this.errors, this.warnings, this.state);
    this.errors.hidden = this.warnings.hidden = true;
    addEventListener('keydown', event => {
      if (event.key !== 'Escape' || event.defaultPrevented || this.errors.hidden) return;
      this.errors.hidden = true;
    });
  }

  show({ failures, warnings }: Overlay): void {
    const told = JSON.stringify(failures.map(({ kind, title, file, details }) => [kind, title, file, details]));
    if (told !== this.told) this.errors.hidden = !failures.length; // one that was dismissed stays so, wherever it moves
    this.told = told;
    this.errors.replaceChildren(...(failures.length ? [this.dismiss(), ...failures.map(card)] : []));
    this.warnings.hidden = !warnings.length;
    const count = `${warnings.length} warning${warnings.length === 1 ? '' : 's'}`;
    this.warnings.replaceChildren(...(warnings.length ? [make('summary', '', count), ...warnings.map(card)] : []));
  }

  /** Say in what state the connection is; nothing if it is there. */
  say(text: string): void {
    this.state.textContent = text;
  }

  private dismiss(): HTMLElement {
    const button = make('button', 'flow-dev-dismiss', '×') as HTMLButtonElement;
    button.type = 'button';
    button.title = 'Dismiss (Escape)';
    button.setAttribute('aria-label', 'Dismiss');
    button.onclick = () => (this.errors.hidden = true);
    return button;
  }
}

function card({ kind, title, file, line, lines, details }: Failure): HTMLElement {
  const found = make('section', 'flow-dev-failure');
  found.append(make('div', 'flow-dev-kind', kind), make('h2', 'flow-dev-title', title));
  if (file) found.append(make('div', 'flow-dev-place', `${file}:${line}`));
  if (lines.length) {
    const code = make('ol', 'flow-dev-lines');
    for (const [number, text] of lines) {
      const row = make('li', '', text || ' ') as HTMLLIElement;
      row.value = number;
      row.toggleAttribute('data-here', number === line);
      code.append(row);
    }
    found.append(code);
  }
  if (details) found.append(make('pre', 'flow-dev-details', details));
  return found;
}

function make(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
