/** A page that `flow build` made: it shows its picture, loads Python beside it, and comes alive when Python is there. */

import { followTheme } from '../core/theme';
import type * as Flow from '../index';
import { adopt } from './adopt';
import { EarlyClicks } from './early';
import { Link } from './link';
import type { FromWorker, Setup, ToWorker } from './messages';

/** Of the bar, what loading fills; the rest is Python's beginning. */
const LOADING = 0.8;
/** Milliseconds that a page is live before it is kept for the next visit. */
const SETTLED = 1000;

const setup = JSON.parse(find('flow-setup').textContent ?? '') as Setup;
const root = find('flow-root');
const bar = find('flow-loading');
const life = new AbortController();

const picture = root.querySelector<HTMLElement>('.flow-root');
const stills = new AbortController();
const early = new EarlyClicks(root, stills.signal);
if (picture) followTheme(picture, stills.signal);

const worker = new Worker(address(setup.worker), { type: 'module' });
const link = new Link(worker, address(setup.sanitizer));
const flowLoaded = loadFlow();
let isLive = false;

worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => void heard(data));
worker.addEventListener('error', event => {
  event.preventDefault();
  fail('Python could not be started', event.message ?? '');
});
const begin: ToWorker = { kind: 'start', setup, base: document.baseURI };
worker.postMessage(begin);

/** What the page shows of raw HTML from its first moment does not go when it comes alive. */
async function loadFlow(): Promise<typeof Flow.default> {
  const flow = (await import(address(setup.flow))) as typeof Flow;
  if (root.querySelector('.flow-html')) await flow.bringSanitizer(link);
  return flow.default;
}

async function heard(message: FromWorker): Promise<void> {
  switch (message.kind) {
    case 'loaded':
      return progress(LOADING * Math.min(1, message.bytes / setup.size));
    case 'started':
      return progress((1 + LOADING) / 2);
    case 'ready':
      return come().catch(error => fail('The page could not be shown', String(error)));
    case 'told':
      return link.tell(message);
    case 'failed':
      return fail(message.title, message.traceback);
  }
}

/** Show the live tree in the place of the picture as soon as there is one. */
async function come(): Promise<void> {
  const { initialize, render } = (await flowLoaded)();
  const place = document.createElement('div');
  place.id = root.id;
  place.hidden = true;
  root.after(place);
  const { signal } = life;
  initialize({ model: link, signal });
  const arrived = (content: unknown): void => {
    if ((content as { kind?: string }).kind !== 'snapshot' || isLive) return;
    isLive = true;
    link.off('msg:custom', arrived);
    place.remove();
    place.hidden = false;
    const places = adopt(root, place);
    stills.abort();
    early.replay(places);
    bar.remove();
    document.documentElement.dataset['flow'] = 'live';
    performance.mark('flow-live');
    if (setup.service) setTimeout(keep, SETTLED, setup.service);
  };
  link.on('msg:custom', arrived); // behind flow's own, which has shown it by then
  render({ model: link, el: place, signal });
}

function progress(done: number): void {
  bar.style.setProperty('--flow-done', String(done));
  bar.setAttribute('aria-valuenow', String(Math.round(100 * done)));
}

/** Have the browser keep what the page is made of, where it may. */
function keep(service: string): void {
  const { serviceWorker, connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  if (!serviceWorker || connection?.saveData) return;
  serviceWorker.register(address(service), { updateViaCache: 'none' }).catch(() => undefined); // no harm: it is faster with it
}

function fail(title: string, details: string): void {
  bar.remove();
  early.drop();
  const alert = document.createElement('div');
  alert.className = 'flow-failed';
  alert.setAttribute('role', 'alert');
  const head = document.createElement('strong');
  head.textContent = title;
  alert.append(head);
  if (details) {
    const text = document.createElement('pre');
    text.textContent = details;
    alert.append(text);
  }
  document.body.prepend(alert);
  document.documentElement.dataset['flow'] = 'failed';
}

function address(url: string): string {
  return new URL(url, document.baseURI).href;
}

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`flow: the page has no #${id}`);
  return found;
}
