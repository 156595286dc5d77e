/** What the Jupyter server that made this page has told it. Other hosts' pages hold nothing of the kind. */

const AT_ONCE = /"sideflowSendsAtOnce":\s*true/;

/** Whether Sideflow's extension of the server has each message of a kernel sent at once. */
export function sendsAtOnce(): boolean {
  return AT_ONCE.test(document.getElementById('jupyter-config-data')?.textContent ?? '');
}
