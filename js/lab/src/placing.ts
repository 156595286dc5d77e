/**
 * Where the statements of a run stand in the text of today: on their own lines where these are unchanged.
 *
 * An editor that was open all the time moves its marks with each edit. This is for one that is opened later: after a
 * page reload, or when a cell scrolls into view that was changed meanwhile.
 */

/** Lines of a text, counted from 1, both included. */
export interface ILines {
  lineStart: number;
  lineEnd: number;
}

/**
 * The lines of each statement in `now`, or undefined for those whose text is gone. Statements keep their order.
 * Without a `source` the lines are taken as they are, as far as `now` has them.
 */
export function place(
  statements: readonly ILines[],
  source: string | undefined,
  now: string
): (ILines | undefined)[] {
  const lines = split(now);
  if (source === undefined || source === now) {
    return statements.map(each => (each.lineEnd <= lines.length ? each : undefined));
  }
  const before = split(source);
  const head = commonHead(before, lines);
  const tail = commonTail(before.slice(head), lines.slice(head));
  const shift = lines.length - before.length;
  // What comes next begins in `lines` at the index `next`, as the line after `done` did in `before`.
  let next = head;
  let done = head;
  return statements.map(({ lineStart, lineEnd }) => {
    if (lineEnd <= head) {
      return { lineStart, lineEnd };
    }
    if (lineStart > before.length - tail) {
      return { lineStart: lineStart + shift, lineEnd: lineEnd + shift };
    }
    const wanted = before.slice(lineStart - 1, lineEnd);
    // It may share its first line with what was placed before it, and its last ones with the common tail.
    const start = next - Math.max(done + 1 - lineStart, 0);
    const end = lines.length - tail + Math.max(lineEnd - (before.length - tail), 0);
    const found = find(lines, wanted, start, end);
    if (found === undefined) {
      return undefined;
    }
    next = found + wanted.length;
    done = lineEnd;
    return { lineStart: found + 1, lineEnd: found + wanted.length };
  });
}

function split(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

function commonHead(a: string[], b: string[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) {
    count++;
  }
  return count;
}

function commonTail(a: string[], b: string[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) {
    count++;
  }
  return count;
}

/** The index at which `wanted` stands in `lines` between `start` and `end`. */
function find(lines: string[], wanted: string[], start: number, end: number): number | undefined {
  for (let at = start; at + wanted.length <= end; at++) {
    if (wanted.every((line, k) => lines[at + k] === line)) {
      return at;
    }
  }
  return undefined;
}
