/** What is told of an event: what a handler asks for, by names as Python writes them. */

export type Told = string | number | boolean | null | Told[] | { [name: string]: Told };
export type EventData = Record<string, Told>;

const MEDIA = new Set(
  (
    'canplay canplaythrough durationchange emptied ended loadeddata loadedmetadata loadstart pause play playing ' +
    'progress ratechange seeked seeking stalled suspend timeupdate volumechange waiting'
  ).split(' ')
);
const OF_CONTROLS = /^(?:input|change|focus|blur|focusin|focusout|beforeinput|invalid|select|key.*|composition.*)$/;

/** The data of an event as the element that listens to it is told. */
export function eventData(event: Event, listener: Element): EventData {
  const target = event.composedPath()[0];
  const { type } = event;
  const data: EventData = {};
  if (isControl(target) && OF_CONTROLS.test(type)) Object.assign(data, controlData(target));
  if (event instanceof KeyboardEvent) Object.assign(data, keyData(event));
  if (event instanceof MouseEvent) Object.assign(data, mouseData(event, listener));
  if (event instanceof InputEvent && event.data !== null) data.data = event.data;
  if (type === 'submit' && listener instanceof HTMLFormElement) data.data = formData(listener, event as SubmitEvent);
  if (typeof ClipboardEvent === 'function' && event instanceof ClipboardEvent) {
    data.text = event.clipboardData?.getData('text/plain') || selectedText(type, target);
  }
  if (type === 'drop') data.text = (event as DragEvent).dataTransfer?.getData('text/plain') ?? '';
  if (type === 'scroll' || type === 'scrollend') {
    data.scroll_left = listener.scrollLeft;
    data.scroll_top = listener.scrollTop;
  }
  if (type === 'toggle') data.open = isOpen(listener);
  if (target instanceof HTMLMediaElement && MEDIA.has(type)) Object.assign(data, mediaData(target));
  if (type === 'select' || type === 'selectionchange') Object.assign(data, selectionData(target));
  return data;
}

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function isControl(target: unknown): target is Control {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}

function controlData(control: Control): EventData {
  const data: EventData = { value: control.value };
  if (control instanceof HTMLSelectElement && control.multiple) {
    data.values = Array.from(control.selectedOptions, option => option.value);
  }
  if (control instanceof HTMLInputElement) {
    if (control.type === 'checkbox' || control.type === 'radio') data.checked = control.checked;
    if (control.type === 'file') data.value = ''; // a made-up path, which tells nothing
  }
  return data;
}

function modifiers({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent | MouseEvent): EventData {
  return { alt: altKey, ctrl: ctrlKey, meta: metaKey, shift: shiftKey };
}

function keyData(event: KeyboardEvent): EventData {
  return { key: event.key, code: event.code, repeat: event.repeat, ...modifiers(event) };
}

function mouseData(event: MouseEvent, listener: Element): EventData {
  const { left, top, width, height } = listener.getBoundingClientRect();
  const data: EventData = {
    x: rounded(event.clientX - left),
    y: rounded(event.clientY - top),
    width: rounded(width),
    height: rounded(height),
    client_x: rounded(event.clientX),
    client_y: rounded(event.clientY),
    button: event.button,
    buttons: event.buttons,
    ...modifiers(event),
  };
  if (event instanceof WheelEvent) Object.assign(data, { delta_x: event.deltaX, delta_y: event.deltaY });
  if (typeof PointerEvent === 'function' && event instanceof PointerEvent && event.type.includes('pointer')) {
    Object.assign(data, { pointer_id: event.pointerId, pointer_type: event.pointerType, pressure: event.pressure });
  }
  return data;
}

/** Hundredths of a pixel are enough. */
function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

/** What is filled in, by name; a list where a name came several times. Of a file its name. */
function formData(form: HTMLFormElement, { submitter }: SubmitEvent): EventData {
  const data: EventData = {};
  const add = (name: string, value: string): void => {
    const known = Object.hasOwn(data, name) ? data[name] : undefined;
    data[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  };
  for (const [name, value] of new FormData(form)) add(name, typeof value === 'string' ? value : value.name);
  if (submitter instanceof HTMLButtonElement && submitter.name) add(submitter.name, submitter.value);
  return data;
}

function selectedText(type: string, target: unknown): string {
  if (type === 'paste') return '';
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
    return target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  }
  return String(document.getSelection() ?? '');
}

function selectionData(target: unknown): EventData {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return {};
  return { selection_start: target.selectionStart, selection_end: target.selectionEnd };
}

function mediaData(media: HTMLMediaElement): EventData {
  const { currentTime, duration, paused } = media;
  return { current_time: currentTime, duration: Number.isFinite(duration) ? duration : null, paused };
}

function isOpen(element: Element): boolean {
  return element.hasAttribute('popover') ? element.matches(':popover-open') : element.hasAttribute('open');
}
