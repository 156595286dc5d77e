/** What a host of widgets hands to a page: the little of anywidget's interface that flow needs, and needs everywhere. */

export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): unknown;
  on(name: string, heard: (content: unknown, buffers?: unknown) => void): void;
  off(name: string, heard: (content: unknown, buffers?: unknown) => void): void;
  widget_manager?: WidgetManager;
  /** Whether nothing on the way from Python holds a message back. */
  readonly answersAtOnce?: boolean;
  /** Where the module that sanitises raw HTML is, in a page that has it as a file. */
  readonly sanitizer?: string;
}

/** ipywidgets' manager. Hosts without ipywidgets have none, or one that knows no models of others. */
export interface WidgetManager {
  get_model?(id: string): Promise<WidgetModel>;
  create_view?(model: WidgetModel): Promise<WidgetView>;
}

export interface WidgetModel {
  get(name: string): unknown;
  widget_manager?: WidgetManager;
}

export interface WidgetView {
  el: HTMLElement;
  remove?(): void;
  luminoWidget?: Attachable;
  pWidget?: Attachable;
}

/** A Lumino widget: it is told that it is in the page now. */
export interface Attachable {
  processMessage(message: { type: string; isConflatable: boolean; conflate(): boolean }): void;
}
