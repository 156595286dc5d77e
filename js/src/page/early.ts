/**
 * What a visitor clicks before the page is live: kept, shown as heard, and done once it is.
 *
 * A click is done only where the live control is the same as the one that was clicked, for it may be another's by then.
 */

/** Clicks that are kept. More are those of someone who has lost patience. */
const MOST = 20;
const CONTROLS = 'button, [role="button"], input[type="button"], input[type="submit"], input[type="image"]';
const WAITING = 'flow-waiting';

export class EarlyClicks {
  private readonly kept: HTMLElement[] = [];

  constructor(picture: HTMLElement, signal: AbortSignal) {
    picture.addEventListener('click', event => this.clicked(event.target), { signal });
    picture.addEventListener(
      'submit',
      event => {
        event.preventDefault(); // or the page would be left
        if (!event.submitter) this.keep(event.target as HTMLElement); // else its click is kept
      },
      { signal }
    );
  }

  /** Do in the live tree what was clicked. `places` leads from each control of the picture to the live one. */
  replay(places: ReadonlyMap<HTMLElement, HTMLElement | undefined>): void {
    for (const was of this.taken()) {
      const is = places.get(was);
      if (!is || says(is) !== says(was)) continue;
      if (is instanceof HTMLFormElement) is.requestSubmit();
      else is.click();
    }
  }

  /** Forget them: nothing will come of them. */
  drop(): void {
    this.taken();
  }

  private clicked(target: EventTarget | null): void {
    const control = (target as Element | null)?.closest<HTMLElement>(CONTROLS);
    if (control) this.keep(control);
  }

  private keep(control: HTMLElement): void {
    if (this.kept.length === MOST) return;
    this.kept.push(control);
    control.classList.add(WAITING);
    control.setAttribute('aria-busy', 'true');
  }

  private taken(): HTMLElement[] {
    const kept = this.kept.splice(0);
    for (const each of kept) {
      each.classList.remove(WAITING);
      each.removeAttribute('aria-busy');
    }
    return kept;
  }
}

/** What tells a control from another: its words, or its value where it has none. Of a form nothing but its place. */
function says(control: HTMLElement): string {
  if (control instanceof HTMLFormElement) return '';
  const value = control.getAttribute('value') ?? '';
  return `${control.textContent} ${value} ${control.getAttribute('aria-label') ?? ''}`;
}
