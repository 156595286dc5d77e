import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { forgetPicture, showPicture, whenPicturesAreShown } from '../../src/core/pictures';

/** A picture that is decoded when the test says so. */
function picture(): { image: HTMLImageElement; decoded: () => Promise<void>; broken: () => Promise<void> } {
  const image = document.createElement('img');
  document.body.append(image);
  let end: [() => void, (error: Error) => void];
  image.decode = () => new Promise<void>((resolve, reject) => (end = [resolve, reject]));
  return {
    image,
    decoded: async () => (end[0](), vi.advanceTimersByTimeAsync(0).then(() => undefined)),
    broken: async () => (end[1](new Error('broken')), vi.advanceTimersByTimeAsync(0).then(() => undefined)),
  };
}

const src = (image: HTMLImageElement): string | null => image.getAttribute('src');

describe('pictures', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await vi.advanceTimersByTimeAsync(2000);
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  test('each is shown before the next, and of those that came meanwhile the last alone', async () => {
    const { image, decoded } = picture();
    for (const url of ['blob:1', 'blob:2', 'blob:3']) showPicture(image, url);
    expect(src(image)).toBe('blob:1');
    await decoded();
    expect(src(image)).toBe('blob:3');
  });

  test('one that is broken or takes too long is not waited for', async () => {
    const { image, broken } = picture();
    for (const url of ['blob:1', 'blob:2']) showPicture(image, url);
    await broken();
    expect(src(image)).toBe('blob:2');
    showPicture(image, 'blob:3');
    await vi.advanceTimersByTimeAsync(499);
    expect(src(image)).toBe('blob:2');
    await vi.advanceTimersByTimeAsync(1);
    expect(src(image)).toBe('blob:3');
  });

  test('what waits to be shown gives way to no picture', async () => {
    const { image, decoded } = picture();
    for (const url of ['blob:1', 'blob:2']) showPicture(image, url);
    forgetPicture(image);
    image.removeAttribute('src');
    await decoded();
    expect(src(image)).toBeNull();
  });

  test('who asks is called when those that are loaded are shown, at once if there is nothing to wait for', async () => {
    const { image, decoded } = picture();
    const call = vi.fn();
    whenPicturesAreShown(call);
    expect(call).toHaveBeenCalledTimes(1);
    for (const url of ['blob:1', 'blob:2']) showPicture(image, url);
    whenPicturesAreShown(call);
    expect(call).toHaveBeenCalledTimes(1);
    await decoded();
    expect(call).toHaveBeenCalledTimes(2);
  });

  test('one that is not in the page is shown without waiting', () => {
    const { image } = picture();
    image.remove();
    for (const url of ['blob:1', 'blob:2']) showPicture(image, url);
    expect(src(image)).toBe('blob:2');
  });
});
