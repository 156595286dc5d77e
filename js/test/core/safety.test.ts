import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { isSafe, safeTag } from '../../src/core/safety';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

test.each(['onclick', 'ONLOAD', 'srcdoc', 'SrcDoc', 'a b', '<x', ''])('the attribute %j is refused', name => {
  expect(isSafe(name, 'x')).toBe(false);
});

test.each([
  ['href', 'javascript:alert(1)'],
  ['href', ' \u0001JaVa\tScript:alert(1)'],
  ['xlink:href', 'vbscript:x'],
  ['src', 'data:text/html,<script>'],
  ['src', 'data:,x'],
  ['values', '#a;javascript:alert(1)'],
  ['formaction', 'java\u200bscript:x']
])('%s=%j is refused', (name, value) => {
  expect(isSafe(name, value)).toBe(false);
});

test.each([
  ['href', 'https://example.org/javascript:x'],
  ['href', '#javascript'],
  ['src', 'data:image/png;base64,AAAA'],
  ['href', 'mailto:a@b'],
  ['title', 'javascript:x'],
  ['values', '1;2;3'],
  ['viewBox', '0 0 1 1'],
  ['xml:lang', 'en']
])('%s=%j is shown', (name, value) => {
  expect(isSafe(name, value)).toBe(true);
});

test.each(['script', 'STYLE', 'iframe src=x', 'object', 'a:b'])('the tag %j is shown as a plain box', tag => {
  expect(safeTag(tag)).toBe('div');
});

test('an ordinary tag and one of a component of its own are shown', () => {
  expect(['h1', 'linearGradient', 'my-part'].map(safeTag)).toEqual(['h1', 'linearGradient', 'my-part']);
});
