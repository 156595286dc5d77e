import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Line } from '../../src/page/dev_line';
import { packed, Socket, unpacked } from '../../src/page/dev_socket';

class FakeSocket {
  static made: FakeSocket[] = [];
  binaryType = '';
  sent: unknown[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: unknown }) => void;
  onclose?: () => void;

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(): void {
    this.onclose?.();
  }
}

const last = (): FakeSocket => FakeSocket.made.at(-1)!;

beforeEach(() => {
  FakeSocket.made = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function opened(): { socket: Socket; heard: unknown[][]; lost: () => number; life: AbortController } {
  const heard: unknown[][] = [];
  let lost = 0;
  const life = new AbortController();
  const socket = new Socket(() => `ws://here/${FakeSocket.made.length}`, (...told) => heard.push(told), () => lost++, life.signal);
  last().onopen?.();
  return { socket, heard, lost: () => lost, life };
}

describe('frames', () => {
  it('hold a message and its buffers', () => {
    const buffers = [new Uint8Array([1, 2]).buffer, new ArrayBuffer(0), new Uint8Array([3]).buffer];
    const [message, views] = unpacked(packed({ text: 'é' }, buffers));
    expect(message).toEqual({ text: 'é' });
    expect(views.map(each => [...new Uint8Array(each.buffer, each.byteOffset, each.byteLength)])).toEqual([[1, 2], [], [3]]);
  });
});

describe('a socket', () => {
  it('hears texts as messages and frames with their buffers', () => {
    const { heard } = opened();
    last().onmessage?.({ data: '{"kind":"seen"}' });
    last().onmessage?.({ data: packed({ kind: 'patch' }, [new Uint8Array([7]).buffer]) });
    expect(heard[0]).toEqual([{ kind: 'seen' }, []]);
    expect(heard[1]?.[0]).toEqual({ kind: 'patch' });
    expect((heard[1]?.[1] as DataView[])[0]?.getUint8(0)).toBe(7);
  });

  it('comes back after it broke, and says once that it did', () => {
    const { socket, lost } = opened();
    last().onclose?.();
    expect(socket.send({})).toBe(false);
    for (let tries = 0; tries < 3; tries++) {
      vi.advanceTimersByTime(400);
      expect(FakeSocket.made.length).toBe(2 + tries);
      last().onclose?.();
    }
    expect(lost()).toBe(1);
    vi.advanceTimersByTime(400);
    last().onopen?.();
    expect(socket.send({ kind: 'ack' })).toBe(true);
    expect(last().sent).toEqual(['{"kind":"ack"}']);
  });

  it('does not come back when it is over', () => {
    const { life } = opened();
    life.abort();
    vi.advanceTimersByTime(5000);
    expect(FakeSocket.made.length).toBe(1);
  });
});

describe('a line', () => {
  it('keeps what is said while the way is broken, in its order, and then asks what it missed', () => {
    const { socket } = opened();
    const line = new Line(socket, 'sanitizer.js');
    const asked = vi.fn();
    line.on('comm_live_update', asked);
    line.send({ n: 1 });
    line.down();
    last().onclose?.();
    line.send({ n: 2 });
    vi.advanceTimersByTime(400);
    last().onopen?.();
    line.send({ n: 3 });
    expect(last().sent).toEqual([]);
    line.up();
    expect(last().sent).toEqual(['{"n":2}', '{"n":3}']);
    expect(asked).toHaveBeenCalledOnce();
  });

  it('tells a message to those who listen, and to nobody who went', () => {
    const line = new Line(opened().socket, 'sanitizer.js');
    const heard = vi.fn();
    line.on('msg:custom', heard);
    line.tell({ kind: 'seen' }, []);
    line.off('msg:custom', heard);
    line.tell({ kind: 'seen' }, []);
    expect(heard.mock.calls).toEqual([[{ kind: 'seen' }, []]]);
  });
});
