/**
 * Tells a view whether it stands on a dark page, for what browsers draw themselves: menus, dates, scrollbars.
 *
 * Hosts say so in as many ways as there are hosts; the color of their text says it in one.
 */

export function followTheme(frame: HTMLElement, signal: AbortSignal): void {
  const look = (): void => {
    if (frame.isConnected) frame.classList.toggle('flow-dark', isLight(getComputedStyle(frame).color));
  };
  const later = (): void => void requestAnimationFrame(look);
  const observer = new MutationObserver(later);
  const attributes = { attributeFilter: ['class', 'style', 'data-jp-theme-name', 'data-jp-theme-light', 'data-theme', 'theme'] };
  observer.observe(document.documentElement, attributes);
  if (document.body) observer.observe(document.body, attributes);
  signal.addEventListener('abort', () => observer.disconnect());
  if (typeof matchMedia === 'function') {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later, { signal });
  }
  later();
}

/** Whether a color, as a computed style tells it, is nearer to white than to black. */
export function isLight(color: string): boolean {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map(Number);
  if (red === undefined || green === undefined || blue === undefined) return false;
  const top = color.startsWith('color(') ? 1 : 255;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / top > 0.5;
}
