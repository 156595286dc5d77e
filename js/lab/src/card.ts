/**
 * The card that opens at a mark: the statement's whole output as the notebook would draw it, its time, its names.
 *
 * One card for the page. It opens when the pointer rests on a mark, stays while the pointer is in it, and closes with
 * Escape, by leaving it or when its mark goes. Opened from the keyboard it takes the focus and gives it back.
 */
import { OutputModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';
import type { IOutput } from '@jupyterlab/nbformat';

import type { IShownMark } from './mark_field';
import type { CellRun, IStatementRun } from './runs';
import { assigned, duration, elapsed } from './words';

const OPENS_AFTER = 250;
const CLOSES_AFTER = 300;
const GAP = 4;

const STATES: Record<IStatementRun['state'], string> = {
  waiting: 'has not run',
  running: 'running',
  finished: 'finished',
  failed: 'failed',
  lost: 'its kernel is gone'
};

export class Card extends Panel {
  constructor() {
    super();
    this.underline.className = 'sf-card-underline';
    this.addClass('sf-card');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'dialog');
    this.node.addEventListener('mouseenter', () => window.clearTimeout(this.closing));
    this.node.addEventListener('mouseleave', () => this.closeSoon());
    this.node.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.hideCard();
      }
    });
  }

  /** Open for a mark, when the pointer has rested on it for a moment. */
  open(run: CellRun, statement: IStatementRun, mark: IShownMark, rendermime: IRenderMimeRegistry): void {
    window.clearTimeout(this.opening);
    window.clearTimeout(this.closing);
    if (this.mark !== mark) {
      this.opening = window.setTimeout(() => this.showAt(run, statement, mark, rendermime), OPENS_AFTER);
    }
  }

  /** The pointer left the mark, or the mark is gone. */
  leave(mark: IShownMark): void {
    window.clearTimeout(this.opening);
    if (this.mark === mark) {
      this.closeSoon();
    }
  }

  /** Open at once and take the focus: for the keyboard. */
  async openForKeyboard(
    run: CellRun,
    statement: IStatementRun,
    mark: IShownMark,
    rendermime: IRenderMimeRegistry
  ): Promise<void> {
    const before = document.activeElement;
    await this.showAt(run, statement, mark, rendermime);
    this.before = before instanceof HTMLElement ? before : undefined;
    this.node.focus();
  }

  hideCard(): void {
    window.clearTimeout(this.opening);
    window.clearTimeout(this.closing);
    const { before } = this;
    this.underline.remove();
    this.mark = this.before = undefined;
    if (this.isAttached) {
      Widget.detach(this);
      before?.focus();
    }
  }

  private closeSoon(): void {
    window.clearTimeout(this.closing);
    if (!this.node.contains(document.activeElement)) {
      this.closing = window.setTimeout(() => this.hideCard(), CLOSES_AFTER);
    }
  }

  private async showAt(
    run: CellRun,
    statement: IStatementRun,
    mark: IShownMark,
    rendermime: IRenderMimeRegistry
  ): Promise<void> {
    this.hideCard();
    if (!mark.isConnected) {
      return;
    }
    this.mark = mark;
    this.node.setAttribute('aria-label', title(run, statement));
    const bodies = await Promise.all(statement.outputs.map(({ output }) => drawn(output, rendermime)));
    if (this.mark !== mark) {
      bodies.forEach(body => body?.dispose());
      return;
    }
    [...this.widgets].forEach(old => old.dispose());
    this.addWidget(new Widget({ node: heading(run, statement) }));
    bodies.forEach(body => body && this.addWidget(body));
    Widget.attach(this, document.body);
    document.body.append(this.underline);
    this.place(mark);
  }

  /** Below the mark, or above it where there is more room, and never outside of the window. */
  private place(mark: IShownMark): void {
    const at = mark.getBoundingClientRect();
    this.underline.style.cssText = `left:${at.left}px;top:${at.bottom - 1}px;width:${at.width}px`;
    const below = window.innerHeight - at.bottom - 2 * GAP;
    const above = at.top - 2 * GAP;
    const isBelow = below >= Math.min(this.node.scrollHeight, 200) || below >= above;
    this.node.style.maxHeight = `${Math.min(isBelow ? below : above, window.innerHeight * 0.6)}px`;
    const { width, height } = this.node.getBoundingClientRect();
    this.node.style.left = `${Math.max(Math.min(at.left, window.innerWidth - width - GAP), GAP)}px`;
    this.node.style.top = `${isBelow ? at.bottom + GAP : at.top - height - GAP}px`;
  }

  private mark?: IShownMark;
  /** Shows whose card it is: not as soon as the pointer is there, for marks are scrolled past it. */
  private readonly underline = document.createElement('div');
  private before?: HTMLElement;
  private opening = 0;
  private closing = 0;
}

function title(run: CellRun, { index, lineStart, lineEnd }: IStatementRun): string {
  const lines = lineStart === lineEnd ? `line ${lineStart}` : `lines ${lineStart} to ${lineEnd}`;
  return `Statement ${index + 1} of ${run.statements.length}, ${lines}`;
}

function heading(run: CellRun, statement: IStatementRun): HTMLElement {
  const time =
    statement.state === 'running' ? elapsed(statement, performance.now()) : duration(statement.duration);
  const head = document.createElement('div');
  head.className = `sf-card-head sf-${statement.state}`;
  head.textContent = `${title(run, statement)} · ${STATES[statement.state]} · ${time}`;
  const names = assigned(statement);
  const told = statement.error ?? (names || (statement.outputs.length ? '' : (statement.value ?? '')));
  if (!told) {
    return head;
  }
  const line = document.createElement('pre');
  line.className = 'sf-card-names';
  line.textContent = told;
  const both = document.createElement('div');
  both.append(head, line);
  return both;
}

/** An output as the notebook draws it, the richest form that is safe for a trusted cell. */
async function drawn(output: IOutput, rendermime: IRenderMimeRegistry): Promise<Widget | undefined> {
  const model = new OutputModel({ value: output, trusted: true });
  const mimeType = rendermime.preferredMimeType(model.data, 'any');
  if (!mimeType) {
    return undefined;
  }
  const renderer = rendermime.createRenderer(mimeType);
  renderer.addClass('sf-card-body');
  try {
    await renderer.renderModel(model);
  } catch (reason) {
    renderer.node.textContent = `This output could not be drawn: ${reason}`;
  }
  return renderer;
}
