/** The way to the server of `flow dev`: a WebSocket that comes back when the server does. flow/dev/wire.py has the twin. */

const AGAIN = 300;

export type Heard = (message: unknown, buffers: readonly DataView[]) => void;

export class Socket {
  private socket: WebSocket | undefined;
  private isOpen = false;

  /** `address` is asked for at each try, for the page may go by another name; `lost` is called when the way breaks. */
  constructor(
    private readonly address: () => string,
    private readonly heard: Heard,
    private readonly lost: () => void,
    private readonly signal: AbortSignal
  ) {
    signal.addEventListener('abort', () => this.socket?.close());
    this.connect();
  }

  /** Whether the message was sent. */
  send(message: unknown, buffers: readonly ArrayBuffer[] = []): boolean {
    if (!this.isOpen || !this.socket) return false;
    this.socket.send(buffers.length ? packed(message, buffers) : JSON.stringify(message));
    return true;
  }

  private connect(): void {
    if (this.signal.aborted) return;
    const socket = (this.socket = new WebSocket(this.address()));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => (this.isOpen = true);
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.heard(JSON.parse(data), []);
      else this.heard(...unpacked(data));
    };
    socket.onclose = () => {
      if (this.isOpen) this.lost();
      this.isOpen = false;
      setTimeout(() => this.connect(), AGAIN);
    };
  }
}

export function packed(message: unknown, buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const head = new TextEncoder().encode(JSON.stringify([message, buffers.map(each => each.byteLength)]));
  const parts = [head, ...buffers.map(each => new Uint8Array(each))];
  const frame = new Uint8Array(parts.reduce((size, part) => size + part.length, 4));
  new DataView(frame.buffer).setUint32(0, head.length);
  let at = 4;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame.buffer;
}

export function unpacked(frame: ArrayBuffer): [unknown, DataView[]] {
  let start = 4 + new DataView(frame).getUint32(0);
  const [message, sizes] = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, start - 4))) as [unknown, number[]];
  const buffers = sizes.map(size => new DataView(frame, (start += size) - size, size));
  return [message, buffers];
}
