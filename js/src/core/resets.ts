/** Tells what a form's reset made of its controls as if it were typed: browsers say nothing of it, and signals would keep what was. */

import { isControl } from './event_data';
import type { Control } from './event_data';

export function followResets(place: HTMLElement, signal: AbortSignal): void {
  place.addEventListener('reset', ({ target }) => target instanceof HTMLFormElement && follow(target), { signal });
}

/** The event comes before the reset, which somebody else who hears it may still prevent. */
function follow(form: HTMLFormElement): void {
  const before = Array.from(form.elements).filter(isControl).map(each => [each, stateOf(each)] as const);
  setTimeout(() => {
    for (const [control, state] of before) {
      if (stateOf(control) !== state && !isLeft(control)) tell(control, 'input', 'change');
    }
  });
}

export function tell(control: HTMLElement, ...events: string[]): void {
  for (const name of events) control.dispatchEvent(new Event(name, { bubbles: true }));
}

function stateOf(control: Control): string {
  if (control instanceof HTMLSelectElement) return Array.from(control.options, each => Number(each.selected)).join('');
  return control instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(control.type) ? String(control.checked) : control.value;
}

/** Of a choice only the one that is chosen now tells, not the one that was. */
function isLeft(control: Control): boolean {
  return control instanceof HTMLInputElement && control.type === 'radio' && !control.checked;
}
