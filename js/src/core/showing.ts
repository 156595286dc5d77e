/** A place in the page where a tree is shown: its frame, with what is told of errors and of the kernel, and its view. */

import { followActive } from './active';
import { Delegation } from './events';
import { Keyboard } from './keyboard';
import { leadElsewhere } from './links';
import { Notices } from './notices';
import { Outbox } from './outbox';
import { followResets } from './resets';
import type { Store } from './store';
import { addStyle } from './style';
import { followTheme } from './theme';
import { Typing } from './typing';
import { View } from './view';

export class Showing {
  readonly view: View;
  private readonly notices: Notices;

  constructor(
    private readonly store: Store,
    place: HTMLElement,
    signal: AbortSignal
  ) {
    const frame = document.createElement('div');
    frame.className = 'flow-root';
    const container = document.createElement('div');
    container.className = 'flow-content';
    this.notices = new Notices(frame, store, signal);
    frame.append(container);

    const { channel, model, tree, uploads } = store;
    const typing = new Typing(channel, container, signal);
    const outbox = new Outbox(channel, uploads, typing, signal);
    const shown = {
      nodeOf: (dom: Node | null) => this.view.nodeOf(dom),
      elementOf: (id: number) => this.view.elementOf(id),
    };
    const events = new Delegation(shown, outbox, signal);
    const keyboard = new Keyboard(shown.nodeOf, signal);
    const watch = (each: HTMLElement, ended: AbortSignal): void => {
      events.watch(each, ended);
      keyboard.watch(each, ended);
      leadElsewhere(each, ended);
      followResets(each, ended);
      followActive(each, ended);
    };
    watch(container, signal);
    this.view = new View({ tree, model, container, events: { listen: events.listen.bind(events), watch }, typing, signal });
    this.view.mount();
    place.append(frame);
    addStyle(frame, signal);
    followTheme(frame, signal);
    signal.addEventListener('abort', () => frame.remove());
  }

  showFailures(): void {
    this.notices.showFailures(this.store.failures);
  }

  showState(): void {
    this.notices.showState(this.store.channel.state);
  }
}
