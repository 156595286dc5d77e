/** The status bar's item: which statement runs and for how long, and how the last cell ended. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal, type ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { secondsSoFar } from './chart';
import type { Front } from './front';
import { Pace } from './pace';
import type { CellRun } from './runs';
import { counting, duration } from './words';

/** What the status bar says of a run. */
export function statusOf(run: CellRun, now: number, trans: TranslationBundle): string {
  const { planned, reached } = run;
  switch (run.state) {
    case 'running':
      return trans.__('Statement %1 of %2 · %3', Math.max(reached, 1), planned, counting(secondsSoFar(run, now)));
    case 'finished':
      return trans._n('%1 statement · %2', '%1 statements · %2', reached, duration(run.duration));
    case 'failed':
      return trans.__('Failed at statement %1 of %2', reached, planned);
    case 'lost':
      return trans.__('Kernel ended at statement %1 of %2', Math.max(reached, 1), planned);
  }
}

export class StatusItem extends Widget {
  constructor(
    private readonly front: Front,
    private readonly trans: TranslationBundle,
    openTimeline: () => void
  ) {
    super();
    this.addClass('sf-status');
    this.addClass('jp-mod-highlighted');
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'button');
    this.text.className = 'jp-StatusBar-TextItem';
    this.node.append(this.text);
    this.node.addEventListener('click', openTimeline);
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        openTimeline();
      }
    });
    front.changed.connect(this.ask, this);
    this.ask();
  }

  /** Whether there is anything to say. */
  get isActive(): boolean {
    return this.front.run !== undefined;
  }

  get activeChanged(): ISignal<this, void> {
    return this._activeChanged;
  }

  override dispose(): void {
    this.pace.dispose();
    this.front.changed.disconnect(this.ask, this);
    super.dispose();
  }

  protected override onAfterShow(): void {
    this.ask();
  }

  private ask(): void {
    this.pace.ask(this.front.run?.state === 'running');
  }

  private draw(): void {
    const { run } = this.front;
    if (this.isActive !== this.wasActive) {
      this.wasActive = this.isActive;
      this._activeChanged.emit();
    }
    if (!run) {
      return;
    }
    const text = statusOf(run, performance.now(), this.trans);
    const title = this.trans.__(
      'Cell [%1] of %2. Click to see when its statements ran.',
      run.executionCount,
      this.front.feed?.context.name ?? ''
    );
    // Nothing is written that stands there: each write has the page look at its style anew.
    if (text !== this.text.textContent) {
      this.text.textContent = text;
      this.node.setAttribute('aria-label', `${text}. ${this.trans.__('Show the timeline')}`);
    }
    const name = `jp-StatusBar-TextItem sf-${run.state}`;
    if (name !== this.text.className) {
      this.text.className = name;
    }
    if (title !== this.node.title) {
      this.node.title = title;
    }
    if (run.state === 'running' && this.isVisible) {
      this.ask();
    }
  }

  private readonly text = document.createElement('span');
  private readonly pace = new Pace(() => this.draw());
  private readonly _activeChanged = new Signal<this, void>(this);
  private wasActive = false;
}
