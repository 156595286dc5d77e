/** jsdom has no DragEvent, of which Lumino derives one as it is loaded: import this before it. */
globalThis.DragEvent ??= class extends MouseEvent {} as unknown as typeof DragEvent;
