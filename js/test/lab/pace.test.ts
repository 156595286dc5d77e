import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Pace } from '../../lab/src/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('work that is asked for at every frame is done ten times a second, and once more at the end', () => {
  const work = vi.fn();
  const pace = new Pace(work);
  for (let frame = 0; frame < 60; frame++) {
    pace.ask();
    vi.advanceTimersByTime(16);
  }
  const during = work.mock.calls.length;
  expect(during).toBe(10);
  vi.advanceTimersByTime(1000);
  expect(work).toHaveBeenCalledTimes(during + 1);
});

test('work that is asked for once is done at once', () => {
  const work = vi.fn();
  new Pace(work).ask();
  vi.advanceTimersByTime(0);
  expect(work).toHaveBeenCalledOnce();
});

test('work may ask for itself, until it is disposed', () => {
  const work = vi.fn(() => pace.ask());
  const pace = new Pace(work);
  pace.ask();
  vi.advanceTimersByTime(450);
  expect(work).toHaveBeenCalledTimes(5);
  pace.dispose();
  vi.advanceTimersByTime(450);
  pace.ask();
  vi.advanceTimersByTime(450);
  expect(work).toHaveBeenCalledTimes(5);
});
