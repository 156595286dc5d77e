import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Pace } from '../../lab/src/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FRAME = 16;

test('what goes on is drawn at most ten times a second, also after the last news of it', () => {
  let drawnAt = 0;
  let askedAt = 0;
  const draw = vi.fn(() => (drawnAt = performance.now()));
  const pace = new Pace(draw);
  for (let frame = 0; frame < 60; frame++) {
    askedAt = performance.now();
    pace.ask(true);
    vi.advanceTimersByTime(FRAME);
  }
  vi.advanceTimersByTime(1000);
  expect(draw.mock.calls.length).toBeGreaterThanOrEqual(8);
  expect(draw.mock.calls.length).toBeLessThanOrEqual(10);
  expect(drawnAt).toBeGreaterThan(askedAt);
});

test('what has ended is drawn with the next frame, once', () => {
  const draw = vi.fn();
  const pace = new Pace(draw);
  pace.ask(false);
  pace.ask(false);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(FRAME);
  expect(draw).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1000);
  expect(draw).toHaveBeenCalledOnce();
});

test('what is over at once is drawn once', () => {
  const draw = vi.fn();
  const pace = new Pace(draw);
  pace.ask(true);
  vi.advanceTimersByTime(30);
  pace.ask(false);
  vi.advanceTimersByTime(1000);
  expect(draw).toHaveBeenCalledOnce();
});

test('what is drawn may ask to be drawn again, until it is disposed', () => {
  const draw = vi.fn(() => pace.ask(true));
  const pace = new Pace(draw);
  pace.ask(true);
  vi.advanceTimersByTime(1000);
  const before = draw.mock.calls.length;
  expect(before).toBeGreaterThanOrEqual(8);
  pace.dispose();
  vi.advanceTimersByTime(450);
  pace.ask(false);
  pace.ask(true);
  vi.advanceTimersByTime(450);
  expect(draw).toHaveBeenCalledTimes(before);
});
