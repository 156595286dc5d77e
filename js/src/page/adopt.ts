/**
 * The step from the picture that a page came with to the live tree: in one frame, and keeping what a visitor has done.
 *
 * What was typed, chosen or ticked is put into the live controls and told to Python as if it were done now.
 */

import { tell } from '../core/resets';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Put `live` in the place of `picture`. Returns which live control stands in the place of each of the picture's. */
export function adopt(picture: HTMLElement, live: HTMLElement): Map<HTMLElement, HTMLElement | undefined> {
  const pairs = paired(picture, live);
  const active = picture.contains(document.activeElement) ? document.activeElement : null;
  const selection = active && selectionOf(active);
  picture.replaceWith(live);
  for (const [was, is] of pairs) {
    if (is === undefined) continue;
    if (was === active) is.focus({ preventScroll: true });
    keep(was, is);
    if (was === active && selection) (is as HTMLInputElement).setSelectionRange(...selection);
  }
  return new Map(pairs);
}

/** Each control of the picture with the one that stands in its place: the same kind and name, the same one of those. */
function paired(picture: HTMLElement, live: HTMLElement): [Control | HTMLElement, HTMLElement | undefined][] {
  const places = new Map([...named(live)]);
  return [...named(picture)].map(([name, was]) => [was, places.get(name)]);
}

function* named(root: HTMLElement): Iterable<[string, HTMLElement]> {
  const counts = new Map<string, number>();
  for (const each of root.querySelectorAll<HTMLElement>('input, textarea, select, button, form, a[href], [tabindex]')) {
    const kind = `${each.localName} ${each.getAttribute('type') ?? ''} ${each.getAttribute('name') ?? ''}`;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    yield [`${kind} ${count}`, each];
  }
}

function keep(was: HTMLElement, is: HTMLElement): void {
  if (was instanceof HTMLInputElement && is instanceof HTMLInputElement) {
    if (was.type === 'checkbox' || was.type === 'radio') {
      if (was.checked !== was.defaultChecked && was.checked !== is.checked) {
        is.checked = was.checked;
        tell(is, 'input', 'change');
      }
    } else if (was.type !== 'file' && was.value !== was.defaultValue) {
      is.value = was.value;
      tell(is, 'input', ...(document.activeElement === is ? [] : ['change']));
    }
  } else if (was instanceof HTMLTextAreaElement && is instanceof HTMLTextAreaElement) {
    if (was.value === was.defaultValue) return;
    is.value = was.value;
    tell(is, 'input', ...(document.activeElement === is ? [] : ['change']));
  } else if (was instanceof HTMLSelectElement && is instanceof HTMLSelectElement) {
    if (!isChosen(was) || was.options.length !== is.options.length) return;
    for (const each of was.options) is.options[each.index]!.selected = each.selected;
    tell(is, 'input', 'change');
  }
}

/** Whether other options are selected than those that the picture came with. */
function isChosen({ options, multiple }: HTMLSelectElement): boolean {
  const all = [...options];
  const hasDefault = multiple || all.some(each => each.defaultSelected);
  return all.some(each => each.selected !== (hasDefault ? each.defaultSelected : each.index === 0));
}

function selectionOf(element: Element): [number, number] | null {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return null;
  const { selectionStart, selectionEnd } = element;
  return selectionStart === null || selectionEnd === null ? null : [selectionStart, selectionEnd];
}
