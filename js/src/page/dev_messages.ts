/** What the server of `flow dev` tells a page besides what its session tells. */

/** An error or a warning of the author's: flow/dev/failures.py tells it. */
export interface Failure {
  kind: string;
  title: string;
  /** Empty if it is in none of the app's. */
  file: string;
  line: number;
  lines: readonly (readonly [number: number, text: string])[];
  details: string;
}

export type FromServer =
  /** The page goes by this name now. */
  | { kind: 'hello'; page: string; shown: boolean }
  /** There is something to be shown now. */
  | { kind: 'begin' }
  | Overlay;

export interface Overlay {
  kind: 'overlay';
  failures: readonly Failure[];
  warnings: readonly Failure[];
}
