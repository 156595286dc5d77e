/** What stands above a tree: errors of the user's Python, and that the kernel is busy or gone. */

import type { State } from './channel';
import type { Noticed, Store } from './store';

const WORDS: Record<State, string> = {
  live: '',
  waiting: 'The kernel is busy',
  detached: 'Not connected: run the cell again',
};

export class Notices {
  private readonly errors = make('div', 'flow-errors');
  private readonly state = make('div', 'flow-state');
  private readonly shown = new Map<Noticed, HTMLElement>();

  constructor(
    private readonly frame: HTMLElement,
    private readonly store: Store,
    signal: AbortSignal
  ) {
    this.errors.setAttribute('role', 'alert');
    this.state.setAttribute('role', 'status');
    frame.append(this.errors, this.state);
    frame.addEventListener('keydown', event => this.escape(event), { signal });
  }

  showFailures(failures: readonly Noticed[]): void {
    for (const [failure, element] of this.shown) {
      if (failures.includes(failure)) continue;
      element.remove();
      this.shown.delete(failure);
    }
    for (const failure of failures) {
      let card = this.shown.get(failure);
      if (!card) {
        card = this.card(failure);
        this.shown.set(failure, card);
        this.errors.prepend(card);
      }
      const times = card.querySelector('.flow-error-times');
      if (times && failure.times > 1) times.textContent = `× ${failure.times}`;
    }
  }

  showState(state: State): void {
    if (state === 'live') this.frame.removeAttribute('data-flow-state');
    else this.frame.setAttribute('data-flow-state', state);
    // That nobody is there is said when somebody asks, not while a saved notebook is read.
    const isQuiet = state === 'detached' && !this.store.channel.hasActed;
    const words = isQuiet ? '' : WORDS[state];
    if (this.state.textContent !== words) this.state.textContent = words;
  }

  private card(failure: Noticed): HTMLElement {
    const card = make('div', 'flow-error');
    const head = make('div', 'flow-error-head');
    const title = make('strong', 'flow-error-title', failure.title);
    const dismiss = button('flow-error-dismiss', '×', () => this.dismiss(failure, card));
    dismiss.setAttribute('aria-label', 'Dismiss');
    dismiss.title = 'Dismiss (Escape)';
    head.append(title, make('span', 'flow-error-times'), dismiss);
    card.append(head);
    if (failure.where) card.append(make('div', 'flow-error-where', `in ${failure.where}`));
    if (failure.traceback) {
      const details = document.createElement('details');
      const copy = button('flow-error-copy', 'Copy', () => void copied(failure.traceback, copy));
      details.append(make('summary', '', 'Traceback'), copy, make('pre', 'flow-error-traceback', failure.traceback));
      card.append(details);
    }
    return card;
  }

  /** The focus goes on to the next error, or it would be nowhere. */
  private dismiss(failure: Noticed, card: HTMLElement): void {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    this.store.dismiss(failure);
    next?.querySelector<HTMLElement>('.flow-error-dismiss')?.focus();
  }

  /** Escape in a view dismisses the newest error. */
  private escape(event: KeyboardEvent): void {
    const last = this.store.failures.at(-1);
    if (event.key !== 'Escape' || event.defaultPrevented || !last) return;
    event.stopPropagation();
    this.store.dismiss(last);
  }
}

function make(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Buttons of a notice live and end with it. */
function button(className: string, text: string, act: () => void): HTMLButtonElement {
  const element = make('button', className, text) as HTMLButtonElement;
  element.type = 'button';
  element.onclick = act;
  return element;
}

async function copied(text: string, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // A frame may not be allowed to: the text is selected, one keystroke from being copied.
    const traceback = button.nextElementSibling;
    if (traceback) getSelection()?.selectAllChildren(traceback);
    button.textContent = 'Selected';
  }
}
