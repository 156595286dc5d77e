/**
 * Pictures that change many times a second. A browser drops a picture that it still loads when another takes its place,
 * so where each follows the one before too soon, none would ever be seen. Here each one is shown before the next, and
 * those that came meanwhile are left out, but for the last.
 */

/** Milliseconds after which a picture is no longer waited for: the page may be hidden, or the picture broken. */
const PATIENCE = 500;

interface Loading {
  next?: string;
  over: Promise<void>;
}

const loading = new Map<HTMLImageElement, Loading>();

/** Show the picture at an address, as soon as the one before is shown. */
export function showPicture(image: HTMLImageElement, url: string): void {
  const before = loading.get(image);
  if (before) {
    before.next = url;
    return;
  }
  if (image.getAttribute('src') === url) return;
  image.setAttribute('src', url);
  if (!image.decode || !image.isConnected) return;
  const state: Loading = { over: Promise.resolve() };
  loading.set(image, state);
  state.over = shown(image).then(() => {
    loading.delete(image);
    if (state.next !== undefined) showPicture(image, state.next);
  });
}

/** Let go of the picture that waits to be shown. */
export function forgetPicture(image: HTMLImageElement): void {
  const state = loading.get(image);
  if (state) delete state.next;
}

/** Call when the pictures that are loaded now are shown, at once if there are none. Those after them do not count. */
export function whenPicturesAreShown(call: () => void): void {
  if (loading.size) void Promise.all([...loading.values()].map(each => each.over)).then(call);
  else call();
}

function shown(image: HTMLImageElement): Promise<unknown> {
  const patience = new Promise(resolve => setTimeout(resolve, PATIENCE));
  return Promise.race([image.decode().catch(() => undefined), patience]);
}
