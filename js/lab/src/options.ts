/** What the user chose to see beside the lines; the twin of schema/statements.json. */
export interface IOptions {
  /** Whether results stand beside the lines at all. */
  inlineResults: boolean;
  /** Whether a strip at the left edge shows what ran. */
  strip: boolean;
  showTimes: boolean;
  /** Milliseconds: shorter times are not shown. */
  minimumTime: number;
  showValues: boolean;
  showAssigned: boolean;
  /** Characters of a value beside a line. */
  maximumLength: number;
  /** Whether screen readers are told of a cell's end. */
  announce: boolean;
}

export const DEFAULTS: IOptions = {
  inlineResults: true,
  strip: true,
  showTimes: true,
  minimumTime: 1,
  showValues: true,
  showAssigned: true,
  maximumLength: 60,
  announce: true
};
