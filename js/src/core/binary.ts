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

/** How much of a buffer of ours is in use; the rest is room for what comes behind it. */
const used = new WeakMap<ArrayBufferLike, number>();

/** Bytes with more behind them: written there, if there is room, so that many small parts cost what they are long. */
export function joined(past: unknown, more: Binary): Binary {
  const before = isBinary(past) && past.buffer instanceof DataView ? past.buffer : new DataView(new ArrayBuffer(0));
  if (!(more.buffer instanceof DataView)) return more;
  const length = before.byteLength + more.buffer.byteLength;
  let { buffer } = before;
  if (used.get(buffer) !== before.byteLength || buffer.byteLength < length) {
    buffer = new ArrayBuffer(2 * length);
    new Uint8Array(buffer).set(bytesOf(before));
  }
  new Uint8Array(buffer).set(bytesOf(more.buffer), before.byteLength);
  used.set(buffer, length);
  return { ...more, buffer: new DataView(buffer, 0, length) };
}

/** Props as they are saved: hosts take all of a buffer, also what was room in it. */
export function trimmed<T extends object>(props: T): T {
  const exact = (value: unknown): unknown =>
    isBinary(value) && value.buffer instanceof DataView && used.has(value.buffer.buffer)
      ? { ...value, buffer: new DataView(bytesOf(value.buffer).slice().buffer) }
      : value;
  if (!Object.values(props).some(isBinary)) return props;
  return Object.fromEntries(Object.entries(props).map(([name, value]) => [name, exact(value)])) as T;
}

/** Whether two props are the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isBinary(one) || !isBinary(other)) return JSON.stringify(one) === JSON.stringify(other);
  if (one.type !== other.type || !(one.buffer instanceof DataView) || !(other.buffer instanceof DataView)) return false;
  const [first, second] = [bytesOf(one.buffer), bytesOf(other.buffer)];
  return first.length === second.length && first.every((byte, at) => byte === second[at]);
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

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
