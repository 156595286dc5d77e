/** Sends files to the kernel in chunks before the event that tells of them, and shows how far they are. */

import type { Channel } from './channel';
import type { EventData } from './event_data';

const CHUNK = 512 * 1024;
const MOST_UNANSWERED = 4;

export class Uploads {
  /** One number for each file, which is sent once however many events tell of it. */
  private readonly known = new WeakMap<File, Promise<number>>();
  private readonly received = new Map<number, (size: number) => void>();
  private last = 0;

  constructor(
    private readonly channel: Channel,
    private readonly signal: AbortSignal
  ) {}

  /** What tells of the files, once they are in the kernel; nothing if they will not be, for the page went away. */
  async all(files: readonly [File, string?][], element: Element): Promise<EventData[] | undefined> {
    const total = files.reduce((sum, [file]) => sum + file.size, 0) || 1;
    const done = files.map(() => 0);
    const show = (): void => progress(element, done.reduce((sum, each) => sum + each, 0) / total);
    show();
    try {
      const numbers = await Promise.all(
        files.map(([file], at) =>
          this.one(file, size => {
            done[at] = size;
            show();
          })
        )
      );
      return files.map(([{ name, type, size, lastModified }, field], at) => ({
        ...{ name, type, size, modified: lastModified, upload: numbers[at] as number },
        ...(field !== undefined && { field }),
      }));
    } catch (error) {
      if (!this.signal.aborted) console.error('flow: a file could not be read', error);
      return undefined;
    } finally {
      progress(element, undefined);
    }
  }

  /** The kernel has so much of an upload. */
  heard(upload: number, size: number): void {
    this.received.get(upload)?.(size);
  }

  private one(file: File, tell: (size: number) => void): Promise<number> {
    let sending = this.known.get(file);
    if (!sending) {
      sending = this.send(file, ++this.last, tell);
      this.known.set(file, sending);
      sending.catch(() => this.known.delete(file));
    }
    return sending;
  }

  private async send(file: File, upload: number, tell: (size: number) => void): Promise<number> {
    let arrived = -1;
    let wake = (): void => undefined;
    const news = (): Promise<void> => new Promise((resolve, reject) => {
      wake = resolve;
      this.signal.addEventListener('abort', () => reject(new Error('The page went away')), { once: true });
    });
    this.received.set(upload, size => {
      arrived = Math.max(arrived, size);
      tell(arrived);
      wake();
    });
    try {
      let offset = 0;
      do {
        while (offset - Math.max(arrived, 0) >= MOST_UNANSWERED * CHUNK) await news();
        const chunk = await file.slice(offset, offset + CHUNK).arrayBuffer();
        this.channel.chunk(upload, offset, file.size, chunk);
        offset += chunk.byteLength;
      } while (offset < file.size);
      while (arrived < file.size) await news();
      return upload;
    } finally {
      this.received.delete(upload);
    }
  }
}

/** The bar that the style draws at an element's foot. Nothing takes it away. */
function progress(element: Element, part: number | undefined): void {
  const { style } = element as HTMLElement;
  if (part === undefined) {
    element.removeAttribute('data-flow-upload');
    element.removeAttribute('aria-busy');
    style.removeProperty('--flow-upload');
    return;
  }
  element.setAttribute('data-flow-upload', '');
  element.setAttribute('aria-busy', 'true');
  style.setProperty('--flow-upload', `${Math.round(part * 100)}%`);
}
