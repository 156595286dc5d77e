/**
 * The script in segments, one below the other: a statement's lines with what it did beside them, and the lines between
 * statements. Where statements begin is learnt from the events of a run, so nothing here parses Python. Statements that
 * share a line share a segment.
 */

export class Script {
  constructor(root) {
    this.root = root;
    this.lines = [];
    /** The segment of each line. */
    this.places = [];
    this.stray = undefined;
  }

  /** Show this text. What stands beside lines above the first that changed stays. */
  show(text) {
    const lines = text.split(/\r\n|\r|\n/);
    if (lines.at(-1) === '') {
      lines.pop();
    }
    let same = 0;
    while (same < Math.min(lines.length, this.lines.length) && lines[same] === this.lines[same]) {
      same++;
    }
    const cut = this.places[same]?.first < same + 1 ? this.places[same].first - 1 : same;
    new Set(this.places.slice(cut)).forEach(segment => segment.element.remove());
    this.lines = lines;
    this.places.length = Math.min(cut, this.places.length);
    this.clearStray();
    if (cut < lines.length) {
      const rest = new Segment(cut + 1);
      lines.slice(cut).forEach((line, index) => rest.append(lineElement(line, cut + index + 1)));
      this.places.push(...lines.slice(cut).map(() => rest));
      this.root.append(rest.element);
    }
  }

  /** A run begins: what the last one left is of yesterday until its statement starts again. */
  beginRun() {
    this.clearStray();
    this.statements().forEach(segment => segment.age());
  }

  /** A run has ended: what it did not come to is taken away. */
  endRun() {
    this.statements()
      .filter(segment => segment.state === 'stale')
      .forEach(segment => segment.clear());
  }

  clear() {
    this.clearStray();
    this.statements().forEach(segment => segment.clear());
  }

  /** The segment of a statement with these lines. */
  at(first, last) {
    const found = this.places[first - 1];
    if (!found) {
      return undefined;
    }
    const segment = found.isStatement ? found : this.split(found, first);
    for (let line = segment.first + segment.count; line <= Math.min(last, this.lines.length); line++) {
      this.move(line, segment);
    }
    return segment;
  }

  /** What was written while no statement ran. */
  write(items) {
    if (!this.stray) {
      this.stray = document.createElement('section');
      this.stray.className = 'stray';
      this.stray.setAttribute('aria-label', 'Output of no statement');
      this.stray.output = document.createElement('div');
      this.stray.output.className = 'output';
      this.stray.append(this.stray.output);
      this.root.append(this.stray);
    }
    items.forEach(item => write(this.stray.output, item));
  }

  /** A statement begins between others: the lines before it get a segment of their own, for they are the fewer ones. */
  split(between, first) {
    const before = new Segment(between.first);
    const segment = new Segment(first, true);
    between.element.before(before.element, segment.element);
    for (let line = before.first; line < first; line++) {
      this.move(line, before);
    }
    before.discardIfEmpty();
    this.move(first, segment);
    return segment;
  }

  /** Move a line that is the first of its segment to the end of another one. */
  move(line, segment) {
    const from = this.places[line - 1];
    if (from === segment) {
      return;
    }
    const element = from.code.firstElementChild;
    from.count--;
    from.first++;
    segment.append(element);
    this.places[line - 1] = segment;
    from.discardIfEmpty();
  }

  statements() {
    return [...new Set(this.places)].filter(segment => segment.isStatement);
  }

  clearStray() {
    this.stray?.remove();
    this.stray = undefined;
  }
}

class Segment {
  constructor(first, isStatement = false) {
    this.first = first;
    this.count = 0;
    this.isStatement = isStatement;
    this.state = '';
    this.seconds = 0;
    this.isAtEnd = true;
    this.element = division('segment');
    this.code = division('code');
    this.result = division('result');
    this.element.append(this.code, this.result);
    if (isStatement) {
      this.mark = division('mark');
      this.output = division('output');
      this.result.append(this.mark, this.output);
    }
  }

  append(line) {
    this.code.append(line);
    this.count++;
  }

  discardIfEmpty() {
    if (this.count === 0) {
      this.element.remove();
    }
  }

  start() {
    if (this.state === 'stale' || this.state === '') {
      this.clear();
    }
    this.turn('running', 'running');
  }

  end(seconds, failed) {
    this.seconds += seconds;
    this.turn(failed || this.hasFailed ? 'failed' : 'done', `${failed ? '✗' : '✓'} ${duration(this.seconds)}`);
    this.hasFailed = failed;
  }

  age() {
    if (this.state !== '') {
      this.turn('stale', this.mark.textContent);
    }
  }

  clear() {
    this.seconds = 0;
    this.hasFailed = false;
    this.isAtEnd = true;
    this.output.replaceChildren();
    this.output.removeAttribute('role');
    this.output.removeAttribute('tabindex');
    this.turn('', '');
  }

  write(items) {
    const last = this.first + this.count - 1;
    this.output.setAttribute('role', 'region');
    this.output.setAttribute('aria-label', last > this.first ? `Lines ${this.first} to ${last}` : `Line ${this.first}`);
    items.forEach(item => write(this.output, item));
    fit(this);
  }

  /** Whether there is more output than is shown at a time, which makes the browser lay it out. */
  get isLong() {
    return this.output.scrollHeight > this.output.clientHeight;
  }

  /** What scrolls can be reached by keyboard, and shows its end while it grows, until the reader looks at the rest. */
  scroll() {
    if (this.output.tabIndex < 0) {
      this.output.tabIndex = 0;
      this.output.addEventListener('scroll', () => {
        const { scrollTop, clientHeight, scrollHeight } = this.output;
        this.isAtEnd = scrollTop + clientHeight >= scrollHeight - 2;
      });
    }
    if (this.state === 'running' && this.isAtEnd) {
      this.output.scrollTop = this.output.scrollHeight;
    }
  }

  turn(state, mark) {
    this.state = state;
    this.element.dataset.state = state;
    this.mark.textContent = mark;
  }
}

/** The segments that have grown since the page was drawn. To measure each one at once would lay out the page for each. */
const grown = new Set();

function fit(segment) {
  if (grown.size === 0) {
    requestAnimationFrame(() => {
      const long = [...grown].filter(each => each.isLong);
      grown.clear();
      long.forEach(each => each.scroll());
    });
  }
  grown.add(segment);
}

const ESCAPES = /\x1b\[[0-9;?]*[ -/]*[@-~]/g;

/** Add one output item: text to the block that is last if it is of the same kind, a picture as itself. */
function write(output, { type, text, data }) {
  const [kind, picture] = Object.entries(data ?? {})[0] ?? [];
  if (kind) {
    const image = document.createElement('img');
    image.alt = text.trim();
    const isText = kind === 'image/svg+xml';
    image.src = `data:${kind}${isText ? ',' : ';base64,'}${isText ? encodeURIComponent(picture) : picture.replaceAll('\n', '')}`;
    output.append(image);
    return;
  }
  let block = output.lastElementChild;
  if (block?.className !== type) {
    block = document.createElement('pre');
    block.className = type;
    output.append(block);
  }
  const plain = text.replace(ESCAPES, '');
  if (!plain.includes('\r') && !block.isAtReturn) {
    block.append(plain);
    return;
  }
  // A carriage return begins the line anew, as progress bars do.
  const whole = (block.textContent + plain).replace(/[^\n]*\r(?=[^\n])/g, '');
  block.textContent = whole;
  block.isAtReturn = whole.endsWith('\r');
}

function duration(seconds) {
  if (seconds < 0.9995) {
    return seconds < 0.0995 ? `${(seconds * 1000).toFixed(1)} ms` : `${(seconds * 1000).toFixed(0)} ms`;
  }
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function lineElement(text, number) {
  const line = division('line');
  line.dataset.number = number;
  const code = document.createElement('code');
  code.textContent = text;
  line.append(code);
  return line;
}

function division(name) {
  const made = document.createElement('div');
  made.className = name;
  return made;
}
