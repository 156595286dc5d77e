/**
 * A page of `flow dev`: it shows the app's HTML, comes alive on the session of it that the server holds, and says what
 * is wrong with the app. An edit reaches it as any change of a tree does.
 */

import { followTheme } from '../core/theme';
import type * as Flow from '../index';
import { adopt } from './adopt';
import { Line } from './dev_line';
import type { FromServer } from './dev_messages';
import { Overlays } from './dev_overlay';
import { Socket } from './dev_socket';

const LOST = 'Connection lost. The page comes back when the server does.';

const setup = JSON.parse(find('flow-setup').textContent ?? '') as { page: string };
const flowLoaded = import(ours('flow.js')) as Promise<typeof Flow>;
const overlays = new Overlays(document.body);
const stills = new AbortController();
const picture = document.querySelector<HTMLElement>('#flow-root > .flow-root');
if (picture) followTheme(picture, stills.signal);

/** The session that the page shows, or is about to show, and what ends it. */
let line: Line | undefined;
let life = stills;
const socket = new Socket(address, heard, lost, new AbortController().signal);

function heard(message: unknown, buffers: readonly DataView[]): void {
  const told = message as FromServer;
  switch (told.kind) {
    case 'hello': {
      const isSame = told.page === setup.page;
      setup.page = told.page;
      overlays.say('');
      if (isSame && line) line.up();
      else if (told.shown) void begin();
      return;
    }
    case 'begin':
      return void begin();
    case 'overlay':
      return overlays.show(told);
    default:
      line?.tell(message, buffers);
  }
}

function lost(): void {
  line?.down();
  overlays.say(LOST);
}

/** Show a session in the place of what is shown, as soon as its tree is there. */
async function begin(): Promise<void> {
  const past = life;
  const coming = (line = new Line(socket, ours('sanitizer.js')));
  const flow = await flowLoaded;
  if (find('flow-root').querySelector('.flow-html')) await flow.bringSanitizer(coming);
  if (line !== coming) return;
  const { initialize, render } = flow.default();
  const { signal } = (life = new AbortController());
  const root = find('flow-root');
  const place = document.createElement('div');
  place.id = root.id;
  place.hidden = true;
  root.after(place);
  initialize({ model: coming, signal });
  const arrived = (content: unknown): void => {
    if ((content as { kind?: string }).kind !== 'snapshot') return;
    coming.off('msg:custom', arrived);
    place.remove();
    place.hidden = false;
    adopt(root, place);
    past.abort();
    document.documentElement.dataset['flow'] = 'live';
    performance.mark('flow-live');
  };
  coming.on('msg:custom', arrived); // behind flow's own, which has shown it by then
  render({ model: coming, el: place, signal });
}

function address(): string {
  const url = new URL(`/_flow/live?page=${encodeURIComponent(setup.page)}`, document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** The address of a file of flow's own. */
function ours(name: string): string {
  return new URL(`/_flow/${name}`, document.baseURI).href;
}

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`flow: the page has no #${id}`);
  return found;
}
