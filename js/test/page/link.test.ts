import { expect, test } from 'vitest';

import { Link } from '../../src/page/link';
import type { ToWorker } from '../../src/page/messages';

/** A worker that keeps what it is told. */
class FakeWorker {
  readonly told: [ToWorker, Transferable[]][] = [];

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    this.told.push([message, transfer]);
  }
}

function linked(): { worker: FakeWorker; link: Link } {
  const worker = new FakeWorker();
  return { worker, link: new Link(worker as unknown as Worker, 'sanitizer.js') };
}

test('what the page says goes to the worker, and its bytes move there', () => {
  const { worker, link } = linked();
  const bytes = new ArrayBuffer(3);
  link.send({ kind: 'chunk' }, undefined, [bytes]);
  link.send({ kind: 'ack' });
  expect(worker.told).toEqual([
    [{ kind: 'said', content: { kind: 'chunk' }, buffers: [bytes] }, [bytes]],
    [{ kind: 'said', content: { kind: 'ack' }, buffers: [] }, []],
  ]);
});

test('what Python tells comes as a message of a widget, with its bytes as views', () => {
  const { link } = linked();
  const heard: [unknown, DataView[]][] = [];
  link.on('msg:custom', (content, buffers) => heard.push([content, buffers as DataView[]]));
  link.tell({ kind: 'told', text: '{"kind":"seen"}', buffers: [new Uint8Array([7, 8]).buffer] });
  expect(heard.map(([content]) => content)).toEqual([{ kind: 'seen' }]);
  expect(heard[0]![1][0]!.getUint8(1)).toBe(8);
});

test('who left hears nothing, and other names are not messages', () => {
  const { link } = linked();
  const heard: unknown[] = [];
  const hears = (content: unknown): void => void heard.push(content);
  link.on('change:tree', hears);
  link.on('msg:custom', hears);
  link.off('msg:custom', hears);
  link.tell({ kind: 'told', text: '{}', buffers: [] });
  expect(heard).toEqual([]);
});
