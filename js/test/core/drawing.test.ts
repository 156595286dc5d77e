/** Drawings: the commands that Python writes, see tests/wire/drawing, and what a canvas is told for them. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { draw } from '../../src/core/drawing';
import { Page } from '../support/flow';
import { node } from '../support/flow_trees';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../../tests/wire/drawing');

interface Story {
  name: string;
  /** A whole drawing, as a page is told it, in base 64. */
  drawing: string;
  /** What is painted, in order: paths with their filling, line and width, texts with color and font, and images. */
  drawn: unknown[][];
}

const stories = readdirSync(FOLDER)
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Story);

/** A context that remembers what is painted: each path with its filling, line and width, each text and image. */
class Context {
  private painted: unknown[][] = [];
  private path: unknown[][] = [];
  private filling: unknown = null;
  private readonly state: Record<string, unknown> = { fillStyle: '#000', strokeStyle: '#000', lineWidth: 1 };
  readonly proxy = new Proxy(this, {
    get: (_, name: string) => this.state[name] ?? ((...args: unknown[]): void => this.hear(name, args.map(plain))),
    set: (_, name: string, value: unknown) => {
      this.state[name] = plain(value);
      return true;
    },
  });

  /** What was painted since it was asked last. */
  take(): unknown[][] {
    return this.painted.splice(0);
  }

  private hear(name: string, args: unknown[]): void {
    const { fillStyle, strokeStyle, lineWidth, font } = this.state;
    if (name === 'beginPath') [this.path, this.filling] = [[], null];
    else if (name === 'fill') this.filling = fillStyle;
    else if (name === 'stroke') this.painted.push([this.path, this.filling, strokeStyle, lineWidth]);
    else if (name === 'fillText') this.painted.push([[[name, ...args]], fillStyle, font]);
    else if (name === 'drawImage' || name === 'setTransform') this.painted.push([[[name, ...args]]]);
    else this.path.push([name, ...args]);
  }
}

function plain(value: unknown): unknown {
  if (value instanceof HTMLImageElement) return Number(value.dataset.image);
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

let contexts = new Map<HTMLCanvasElement, Context>();
let resized: (entry: object) => void = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  contexts = new Map();
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (this: HTMLCanvasElement) {
    const context = contexts.get(this) ?? new Context();
    contexts.set(this, context);
    return context.proxy as never;
  });
  class Observer {
    constructor(call: (entries: object[]) => void) {
      resized = entry => call([entry]);
    }
    observe(): void {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function bytesOf(text: string): DataView {
  return new DataView(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

function canvasWith(...images: number[]): HTMLCanvasElement {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  for (const number of images) {
    const image = canvas.appendChild(document.createElement('img'));
    image.dataset.image = String(number);
    Object.defineProperties(image, { complete: { value: true, writable: true }, naturalWidth: { value: 5, writable: true } });
  }
  return canvas;
}

function shown(canvas: HTMLCanvasElement): unknown[][] {
  vi.advanceTimersToNextFrame();
  return contexts.get(canvas)?.take() ?? [];
}

/** A drawing of 30 by 20 pixels. The commands are those of lines from (0, 0), by where they lead. */
function drawing(origin: number, folded: number, first: readonly number[], ...rest: readonly number[]): DataView {
  const lines = (ends: readonly number[]): number[] => ends.flatMap(end => [...LINE, ...floats(0, 0, end, end)]);
  const [start, more] = [lines(first), lines(rest)];
  const view = new DataView(new ArrayBuffer(21 + start.length + more.length));
  view.setUint8(0, 1);
  view.setUint16(1, 30, true);
  view.setUint16(3, 20, true);
  view.setUint32(5, origin, true);
  view.setFloat64(9, folded, true);
  view.setUint32(17, start.length, true);
  new Uint8Array(view.buffer).set([...start, ...more], 21);
  return view;
}

const LINE = [16, 1, 0, 0, 0, 0];
const LENGTH = LINE.length + 16;

function floats(...numbers: number[]): number[] {
  return [...new Uint8Array(new Float32Array(numbers).buffer)];
}

function ends(painted: unknown[][]): unknown[] {
  return painted.flatMap(([path]) => (path as unknown[][]).filter(([name]) => name === 'lineTo').map(([, x]) => x));
}

describe.each(stories)('$name', ({ drawing, drawn }) => {
  it('is drawn as Python means it', () => {
    const canvas = canvasWith(1, 2);
    draw(canvas, bytesOf(drawing));
    expect(shown(canvas).slice(1)).toEqual(drawn);
  });
});

describe('a drawing', () => {
  it('goes on where it was when more is added, and begins anew from another origin', () => {
    const canvas = canvasWith();
    draw(canvas, drawing(1, 0, [], 10));
    expect(ends(shown(canvas))).toEqual([10]);
    draw(canvas, drawing(1, 0, [], 10, 11, 12));
    expect(ends(shown(canvas))).toEqual([11, 12]);
    draw(canvas, drawing(2, 0, [], 13));
    const told = shown(canvas);
    expect(ends(told)).toEqual([13]);
    expect(told[0]).toEqual([[['setTransform', 1, 0, 0, 1, 0, 0]]]);
  });

  it('is told several times between two frames and drawn once', () => {
    const canvas = canvasWith();
    draw(canvas, drawing(1, 0, [], 10));
    draw(canvas, drawing(1, 0, [], 10, 11));
    draw(canvas, drawing(2, 0, [], 12));
    expect(ends(shown(canvas))).toEqual([12]);
  });

  it('goes on where it was when the older part was folded, unless it has not drawn all of that', () => {
    const canvas = canvasWith();
    draw(canvas, drawing(1, 0, [], 10, 11));
    shown(canvas);
    draw(canvas, drawing(1, LENGTH, [99], 11, 12));
    expect(ends(shown(canvas))).toEqual([12]);
    draw(canvas, drawing(1, 4 * LENGTH, [98], 14));
    expect(ends(shown(canvas))).toEqual([98, 14]);
    draw(canvas, drawing(1, 4 * LENGTH, [98], 14, 15));
    expect(ends(shown(canvas))).toEqual([15]);
  });

  it('has a pixel for each of the screen, and is drawn anew when it is shown larger', () => {
    const canvas = canvasWith();
    draw(canvas, drawing(1, 0, [], 10));
    shown(canvas);
    expect([canvas.width, canvas.height]).toEqual([30, 20]);
    vi.stubGlobal('devicePixelRatio', 2);
    resized({ contentRect: { width: 30.3, height: 20 }, devicePixelContentBoxSize: [{ inlineSize: 60, blockSize: 40 }] });
    const told = shown(canvas);
    expect([canvas.width, canvas.height]).toEqual([60, 40]);
    expect(told[0]).toEqual([[['setTransform', 2, 0, 0, 2, 0, 0]]]);
    expect(ends(told)).toEqual([10]);
    resized({ contentRect: { width: 30.3, height: 20 }, devicePixelContentBoxSize: [{ inlineSize: 60, blockSize: 40 }] });
    expect(shown(canvas)).toEqual([]);
    resized({ contentRect: { width: 0, height: 0 } });
    expect(canvas.width).toBe(60);
    resized({ contentRect: { width: 35, height: 25 } });
    shown(canvas);
    expect([canvas.width, canvas.height]).toEqual([70, 50]);
  });

  it('waits for its images, also for one that turns out to be broken', () => {
    const canvas = canvasWith(1);
    const image = canvas.querySelector('img') as HTMLImageElement & { complete: boolean };
    image.complete = false;
    draw(canvas, drawing(1, 0, [], 10));
    expect(shown(canvas)).toEqual([]);
    image.complete = true;
    image.dispatchEvent(new Event('error'));
    expect(ends(shown(canvas))).toEqual([10]);
  });

  it('that says what the page does not know harms nothing else', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const canvas = canvasWith();
    const strange = drawing(1, 0, [], 10);
    strange.setUint8(21, 77);
    draw(canvas, strange);
    shown(canvas);
    expect(error).toHaveBeenCalledOnce();
    draw(canvas, drawing(2, 0, [], 11));
    expect(ends(shown(canvas))).toEqual([11]);
  });

  it.each([
    ['a command', 21],
    ['a version', 0],
  ])('that has %s the page does not know is told as an error, once until it is drawn again', (_, place) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const canvas = canvasWith();
    const heard = vi.fn();
    canvas.addEventListener('error', heard);
    const strange = (origin: number): DataView => {
      const view = drawing(origin, 0, [], 10);
      view.setUint8(place, 77);
      return view;
    };
    for (const origin of [1, 2, 3]) {
      draw(canvas, strange(origin));
      shown(canvas);
    }
    expect(heard).toHaveBeenCalledOnce();
    draw(canvas, drawing(4, 0, [], 11));
    expect(ends(shown(canvas))).toEqual([11]);
    draw(canvas, strange(5));
    shown(canvas);
    expect(heard).toHaveBeenCalledTimes(2);
  });
});

describe('a canvas in a tree', () => {
  const told = (view: DataView) => ({ buffer: view, type: 'application/x-flow-drawing' });

  it('is drawn on in each view, as a patch adds to it, and in one that comes later', () => {
    const root = node('div', 1, {}, [node('canvas', 2, { drawing: told(drawing(1, 0, [], 10)) as never })]);
    const page = new Page(root);
    const first = page.find<HTMLCanvasElement>('canvas');
    expect(ends(shown(first))).toEqual([10]);
    const more = drawing(1, 0, [], 11);
    const added = new DataView(more.buffer.slice(21));
    page.patch([['append', 2, 'drawing', told(added) as never] as never]);
    expect(ends(shown(first))).toEqual([11]);
    const second = page.show().content.querySelector('canvas') as HTMLCanvasElement;
    expect(ends(shown(second))).toEqual([10, 11]);
  });

  it('tells the kernel when it cannot be drawn, also the one that a view begins with', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const strange = drawing(1, 0, [], 10);
    strange.setUint8(0, 77);
    const page = new Page(node('div', 1, {}, [node('canvas', 2, { drawing: told(strange) as never, on_error: true })]));
    shown(page.find<HTMLCanvasElement>('canvas'));
    expect(page.model.events).toMatchObject([{ type: 'error', target_id: 'flow-2' }]);
  });

  it('keeps what it shows when a snapshot says the same, and shows what is new in it', () => {
    const tree = (...lines: number[]) =>
      node('div', 1, {}, [node('canvas', 2, { drawing: told(drawing(1, 0, [], ...lines)) as never })]);
    const page = new Page(tree(10));
    const canvas = page.find<HTMLCanvasElement>('canvas');
    shown(canvas);
    page.snapshot(tree(10));
    expect(shown(canvas)).toEqual([]);
    page.snapshot(tree(10, 11));
    expect(page.find('canvas')).toBe(canvas);
    expect(ends(shown(canvas))).toEqual([11]);
  });
});

describe('a canvas that keys and drags are told of', () => {
  it('does not scroll the page by arrows, and holds a pointer that draws', () => {
    const canvas = canvasWith();
    canvas.setPointerCapture = vi.fn();
    draw(canvas, drawing(1, 0, []));
    const press = (init: KeyboardEventInit): boolean => !canvas.dispatchEvent(new KeyboardEvent('keydown', { cancelable: true, ...init }));
    expect([press({ key: 'ArrowDown' }), press({ key: 'ArrowDown', ctrlKey: true }), press({ key: 'Tab' })]).toEqual([true, false, false]);
    const down = (): boolean => canvas.dispatchEvent(Object.assign(new Event('pointerdown'), { pointerId: 3 }));
    down();
    expect(canvas.setPointerCapture).not.toHaveBeenCalled();
    canvas.style.touchAction = 'none';
    down();
    expect(canvas.setPointerCapture).toHaveBeenCalledWith(3);
  });
});
