/** jsdom has no matchMedia, which JupyterLab's components ask as they are loaded: import this before them. */
window.matchMedia ??= media =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined
  });
