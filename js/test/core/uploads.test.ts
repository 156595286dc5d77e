import { afterEach, expect, test, vi } from 'vitest';

import { Page } from '../support/flow';
import { node } from '../support/flow_trees';

afterEach(() => document.body.replaceChildren());

const KB = 1024;

/** jsdom's files cannot be read by a promise. */
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(new Error('not readable'));
    reader.readAsArrayBuffer(this);
  });
};

function chosen(page: Page, ...files: File[]): HTMLInputElement {
  const input = page.find<HTMLInputElement>('input');
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  input.dispatchEvent(new Event('change', { bubbles: true }));
  return input;
}

function upload(): Page {
  return new Page(node('input', 1, { type: 'file', on_change: true }));
}

/** Let what is read be read. */
async function until(what: () => boolean): Promise<void> {
  await vi.waitUntil(what, { timeout: 5000, interval: 1 });
}

test('a file is sent in chunks, no more than four on their way, and the event that tells of it comes last', async () => {
  const page = upload();
  const input = chosen(page, new File([new Uint8Array(2600 * KB)], 'big.bin', { type: 'x/y', lastModified: 7 }));
  const chunks = (): unknown[] => page.model.ofKind('chunk').map(each => each.offset);
  await until(() => chunks().length === 4);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(chunks()).toEqual([0, 512, 1024, 1536].map(each => each * KB));
  expect(page.model.ofKind('chunk')[0]).toMatchObject({ upload: 1, size: 2600 * KB, page: page.name });
  page.model.hear({ kind: 'received', page: page.name, upload: 1, size: 1024 * KB });
  expect([input.getAttribute('aria-busy'), input.style.getPropertyValue('--flow-upload')]).toEqual(['true', '39%']);
  await until(() => chunks().length === 6);
  expect(page.model.buffers.map(each => each.byteLength)).toEqual([512, 512, 512, 512, 512, 40].map(each => each * KB));
  expect(page.model.events).toEqual([]);
  page.model.hear({ kind: 'received', page: page.name, upload: 1, size: 2600 * KB });
  await until(() => page.model.events.length === 1);
  expect(page.model.events[0]).toMatchObject({
    type: 'change',
    files: [{ name: 'big.bin', type: 'x/y', size: 2600 * KB, modified: 7, upload: 1 }]
  });
  expect(input.hasAttribute('aria-busy')).toBe(false);
});

test('an empty file is one chunk of nothing, and a file that is told of twice is sent once', async () => {
  const page = upload();
  const file = new File([], 'none.txt');
  chosen(page, file);
  await until(() => page.model.ofKind('chunk').length === 1);
  page.model.hear({ kind: 'received', page: page.name, upload: 1, size: 0 });
  await until(() => page.model.events.length === 1);
  chosen(page, file);
  await until(() => page.model.events.length === 2);
  expect(page.model.ofKind('chunk')).toHaveLength(1);
});

test('the files of a form are told with their fields', async () => {
  const page = new Page(node('form', 1, { on_submit: true }, [node('input', 2, { type: 'file', name: 'photo' })]));
  const data = vi.spyOn(globalThis, 'FormData').mockImplementation(
    () => new Map<string, File>([['photo', new File(['x'], 'me.png')]]) as unknown as FormData
  );
  page.find('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  data.mockRestore();
  await until(() => page.model.ofKind('chunk').length === 1);
  page.model.hear({ kind: 'received', page: page.name, upload: 1, size: 1 });
  await until(() => page.model.events.length === 1);
  expect(page.model.events[0]).toMatchObject({ data: { photo: 'me.png' }, files: [{ name: 'me.png', field: 'photo' }] });
});

test('an upload that the page goes away from ends with it', async () => {
  const page = upload();
  chosen(page, new File(['abc'], 'a'));
  await until(() => page.model.ofKind('chunk').length === 1);
  page.close();
  await new Promise(resolve => setTimeout(resolve, 10));
  expect(page.model.events).toEqual([]);
});
