/** Bytes of pictures, sounds and films: they come beside a message, and a page shows them by an address of its own. */

/** A prop that is bytes: in a message the place of its buffer, once read the buffer itself. */
export interface Binary {
  buffer: DataView | number;
  type: string;
}

const KINDS = /^(?:image|audio|video|font)\//;
const TAGS = new Set(['img', 'audio', 'video', 'source', 'track']);

export function isBinary(value: unknown): value is Binary {
  return typeof value === 'object' && value !== null && 'buffer' in value;
}

/** A message with its buffers in their places. */
export function filled<T>(message: T, buffers: readonly DataView[]): T {
  if (!buffers.length) return message;
  return JSON.parse(JSON.stringify(message), (_, value: unknown) =>
    isBinary(value) && typeof value.buffer === 'number' ? { ...value, buffer: buffers[value.buffer] } : value
  ) as T;
}

// An address holds its bytes as long as the document lives, so it ends when nobody has the bytes any more.
const urls = new WeakMap<DataView, string>();
const ends = new FinalizationRegistry<string>(url => URL.revokeObjectURL(url));

/** The address of the bytes, if an element of this tag may show them. */
export function urlOf({ buffer, type }: Binary, tag: string): string | undefined {
  if (!(buffer instanceof DataView) || !KINDS.test(type) || !TAGS.has(tag)) return undefined;
  let url = urls.get(buffer);
  if (!url) {
    url = URL.createObjectURL(new Blob([buffer as DataView<ArrayBuffer>], { type }));
    urls.set(buffer, url);
    ends.register(buffer, url);
  }
  return url;
}
