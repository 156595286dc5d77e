/**
 * Draws on a canvas what the commands in its `drawing` say: sidekick's canvas_ink.py tells their form.
 *
 * Of bytes that begin like those drawn last only the rest is drawn. What is drawn is as sharp as the screen: a canvas has
 * a pixel for each of the screen's, however large it is shown, and is drawn anew when that changes.
 */

import { WALKING } from './keyboard';

const VERSION = 1;
const HEADER = 21;
const CORNERS = 4; // numbers that tell where a shape is; a text has two
const CLEAR = 'rgba(0, 0, 0, 0)'; // as a canvas tells of what is transparent
const TURN = 2 * Math.PI;
const FILLS = 1 << 4;
const LINES = 1 << 5;

const painters = new WeakMap<HTMLCanvasElement, Painter>();

/** Have a canvas show a drawing, with the next frame. */
export function draw(canvas: HTMLCanvasElement, drawing: DataView): void {
  let painter = painters.get(canvas);
  if (!painter) painters.set(canvas, (painter = new Painter(canvas)));
  painter.show(drawing);
}

class Painter {
  private reader = new Reader(new DataView(new ArrayBuffer(HEADER)));
  private width = 0;
  private height = 0;
  private origin = -1;
  /** Bytes of the commands since the origin that the canvas shows; none that are told, if it has to be drawn anew. */
  private drawn = NaN;
  /** Those that were folded into the first commands. */
  private folded = 0;
  private start = HEADER;
  private fills = false;
  private frame = 0;
  /** What could not be drawn is told once, not with each frame. */
  private hasFailed = false;
  private shown: readonly [number, number] | undefined;
  private readonly context: CanvasRenderingContext2D | null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d');
    canvas.addEventListener('pointerdown', event => {
      // Who takes all touches is told of a drag also where it leaves the canvas.
      if (canvas.style.touchAction === 'none') canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('keydown', event => {
      if (WALKING.has(event.key) && !(event.ctrlKey || event.metaKey || event.altKey)) event.preventDefault();
    });
    if (typeof ResizeObserver !== 'function') return;
    const observer = new ResizeObserver(([entry]) => entry && this.resized(entry));
    try {
      observer.observe(canvas, { box: 'device-pixel-content-box' }); // also where the page is zoomed
    } catch {
      observer.observe(canvas); // Safari knows no such box
    }
  }

  show(drawing: DataView): void {
    const reader = new Reader(drawing);
    if (reader.byte() !== VERSION) {
      // With the next frame, for only then all who listen do.
      requestAnimationFrame(() => this.fail(new Error('the drawing is of another version; this page may be older than the kernel')));
      return;
    }
    this.reader = reader;
    [this.width, this.height] = [reader.short(), reader.short()];
    const origin = reader.count();
    this.folded = reader.long();
    this.start = HEADER + reader.count();
    if (origin !== this.origin || this.drawn < this.folded) this.drawn = NaN;
    this.origin = origin;
    this.request();
  }

  private request(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      try {
        if (!this.context) throw new Error('this browser gives no context to draw in');
        if (this.hasImages()) this.paint(this.context);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** Tell the console, and who listens for errors of the canvas, as an image tells that it cannot be shown. */
  private fail(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    console.error('flow: a canvas could not be drawn', error);
    this.canvas.dispatchEvent(new Event('error'));
  }

  /** Whether all images are there, loaded or broken. If not, it is looked again when one is. */
  private hasImages(): boolean {
    const missing = [...this.canvas.querySelectorAll('img')].find(image => !image.complete);
    const again = (): void => this.request();
    for (const type of ['load', 'error']) missing?.addEventListener(type, again, { once: true });
    return !missing;
  }

  private resized({ contentRect, devicePixelContentBoxSize }: ResizeObserverEntry): void {
    const exact = devicePixelContentBoxSize?.[0];
    const ratio = window.devicePixelRatio || 1;
    const width = whole(contentRect.width * ratio, exact?.inlineSize);
    const height = whole(contentRect.height * ratio, exact?.blockSize);
    if (!width || !height || (this.shown?.[0] === width && this.shown[1] === height)) return;
    this.shown = [width, height];
    this.drawn = NaN;
    this.request();
  }

  private paint(context: CanvasRenderingContext2D): void {
    const { reader, canvas } = this;
    if (Number.isNaN(this.drawn)) {
      const [width, height] = this.shown ?? [this.width, this.height];
      if (canvas.width === width && canvas.height === height) context.reset();
      else [canvas.width, canvas.height] = [width, height]; // which clears all, the styles too
      context.setTransform(width / this.width, 0, 0, height / this.height, 0, 0);
      this.fills = false;
      context.font = '10px sans-serif';
      reader.at = HEADER;
    } else {
      reader.at = this.start + this.drawn - this.folded;
    }
    while (reader.hasMore) this.command(context);
    this.drawn = reader.at - this.start + this.folded;
    this.hasFailed = false;
  }

  private command(context: CanvasRenderingContext2D): void {
    const { reader } = this;
    const kind = reader.byte();
    switch (kind) {
      case 1:
        return this.fill(context, reader.text());
      case 2:
        context.strokeStyle = '#000';
        context.strokeStyle = reader.text();
        return;
      case 3:
        context.lineWidth = reader.number();
        return;
      case 4:
        context.font = `${reader.number()}px sans-serif`;
        return;
      case 21:
      case 22:
        return this.path(context, kind === 22);
      default:
        return this.shapes(context, kind);
    }
  }

  private fill(context: CanvasRenderingContext2D, color: string): void {
    this.fills = color !== '';
    context.fillStyle = '#000';
    context.fillStyle = color;
  }

  private path(context: CanvasRenderingContext2D, isClosed: boolean): void {
    const { reader } = this;
    context.beginPath();
    for (let count = reader.count(); count; count -= 1) context.lineTo(reader.number(), reader.number());
    if (isClosed) {
      context.closePath();
      if (this.fills) context.fill();
    }
    context.stroke();
  }

  private shapes(context: CanvasRenderingContext2D, kind: number): void {
    const { reader } = this;
    const image = kind === 20 ? this.image(reader.count()) : undefined;
    const count = reader.count();
    const many = reader.byte();
    const columns = Array.from({ length: kind === 19 ? 2 : CORNERS }, (_, place) => reader.column(many & (1 << place) ? count : 0));
    const fill = many & FILLS ? reader.colors(count) : undefined;
    const line = many & LINES ? reader.colors(count) : undefined;
    const [first, second, third, fourth] = columns as [Column, Column, Column, Column];
    const { fills } = this;
    const { fillStyle, strokeStyle } = context;
    const hasLines = line !== undefined || strokeStyle !== CLEAR;
    for (let at = 0; at < count; at += 1) {
      if (fill) this.fill(context, fill(at));
      if (line) context.strokeStyle = line(at);
      const [x, y] = [first(at), second(at)];
      if (kind === 19) {
        context.fillText(reader.text(), x, y);
        continue;
      }
      const [wide, high] = [third(at), fourth(at)];
      if (kind === 20) {
        if (image) context.drawImage(image, x, y, wide, high);
        continue;
      }
      context.beginPath();
      if (kind === 16) {
        context.moveTo(x, y);
        context.lineTo(wide, high);
      } else if (kind === 17) {
        context.rect(x, y, wide, high);
      } else if (kind === 18) {
        context.ellipse(x, y, wide, high, 0, 0, TURN);
      } else {
        throw new Error(`flow: this page knows no command ${kind} of a drawing; it may be older than the kernel`);
      }
      if (kind !== 16 && this.fills) context.fill();
      if (hasLines) context.stroke();
    }
    // The colors of single shapes are no style for what comes next.
    this.fills = fills;
    Object.assign(context, { fillStyle, strokeStyle });
  }

  private image(number: number): HTMLImageElement | undefined {
    const image = this.canvas.querySelector<HTMLImageElement>(`img[data-image="${number}"]`);
    return image?.naturalWidth ? image : undefined;
  }
}

/** A number of the screen's pixels: as it is told exactly, unless that is of another ratio, as where a screen is emulated. */
function whole(pixels: number, exact = pixels): number {
  return Math.round(Math.abs(exact - pixels) < 2 ? exact : pixels);
}

type Column = (at: number) => number;

/** Reads what the commands are written in, from the lowest byte to the highest. */
class Reader {
  at = 0;

  constructor(private readonly view: DataView) {}

  get hasMore(): boolean {
    return this.at < this.view.byteLength;
  }

  byte(): number {
    return this.view.getUint8(this.step(1));
  }

  short(): number {
    return this.view.getUint16(this.step(2), true);
  }

  count(): number {
    return this.view.getUint32(this.step(4), true);
  }

  number(): number {
    return this.view.getFloat32(this.step(4), true);
  }

  long(): number {
    return this.view.getFloat64(this.step(8), true);
  }

  text(): string {
    const length = this.count();
    return DECODER.decode(new Uint8Array(this.view.buffer, this.view.byteOffset + this.step(length), length));
  }

  /** As many numbers, or, of none, one for all. */
  column(count: number): Column {
    const { view } = this;
    const start = this.step(4 * (count || 1));
    if (count) return at => view.getFloat32(start + 4 * at, true);
    const same = view.getFloat32(start, true);
    return () => same;
  }

  colors(count: number): (at: number) => string {
    const { view } = this;
    const start = this.step(4 * count);
    return at => `#${view.getUint32(start + 4 * at).toString(16).padStart(8, '0')}`;
  }

  private step(length: number): number {
    const { at } = this;
    this.at += length;
    return at;
  }
}

const DECODER = new TextDecoder();
