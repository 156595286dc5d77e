/** What the server can be asked, and the events of a run as they come. */

export class Server {
  constructor({ baseUrl, path, xsrf }) {
    this.api = `${baseUrl}/rdit/api`;
    this.path = path;
    this.xsrf = xsrf;
  }

  /** The text of the script as it is on disk. */
  async read() {
    // The second parameter tells the server that nobody works: looking at a file must not keep it from ending.
    const asked = new URLSearchParams({ path: this.path, no_track_activity: '1' });
    const answer = await checked(await fetch(`${this.api}/read-file?${asked}`, { cache: 'no-store' }));
    return (await answer.json()).content;
  }

  /** Runs the script; yields each event when it has come. Ending the loop early interrupts the script. */
  async *run() {
    const leaving = new AbortController();
    try {
      const answer = await this.post('execute-script', { path: this.path, stream: true }, leaving.signal);
      yield* events(answer.body);
    } finally {
      leaving.abort();
    }
  }

  async interrupt() {
    await this.post('interrupt', { session: this.path });
  }

  async reset() {
    await this.post('reset', { session: this.path });
  }

  async post(what, body, signal) {
    const headers = { 'Content-Type': 'application/json', 'X-XSRFToken': this.xsrf };
    return checked(await fetch(`${this.api}/${what}`, { method: 'POST', headers, body: JSON.stringify(body), signal }));
  }
}

async function checked(answer) {
  if (answer.ok) {
    return answer;
  }
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.message ?? `the server answered ${answer.status}`);
}

/** The events in a stream of bytes: `data: ` and JSON, each followed by an empty line; comments are passed over. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (begun + value).split('\n\n');
    begun = parts.pop();
    for (const part of parts) {
      if (part.startsWith('data: ')) {
        yield JSON.parse(part.slice(6));
      }
    }
  }
}
