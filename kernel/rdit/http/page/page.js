/** The page of one script: its buttons and keys, its runs, and the file on disk that it follows. */
import { Server } from './events.js';
import { Script } from './script.js';

const LOOK_EVERY = 700;
/** A statement that runs so long is told; the others' marks are enough, and a screen reader keeps up. */
const LONG = 400;

const server = new Server(document.body.dataset);
const script = new Script(document.getElementById('script'));
const [run, stop, reset, follow, status] = ['run', 'stop', 'reset', 'follow', 'status'].map(id =>
  document.getElementById(id)
);

let text;
/** What is on disk by now, where it must wait for the end of a run. */
let newer;
let isRunning = false;
let wasReset = false;
let isLost = false;
let telling;

function say(what, isBad = false) {
  if (status.textContent !== what) {
    status.textContent = what;
  }
  status.classList.toggle('bad', isBad);
}

async function runScript() {
  if (isRunning) {
    return;
  }
  turn(true);
  say('Running');
  wasReset = false;
  let ended;
  let count = 0;
  try {
    adopt(await server.read());
    script.beginRun();
    for await (const event of server.run()) {
      if (event.type === 'complete' || event.type === 'error') {
        ended = event;
      } else {
        count += event.type === 'ended';
        take(event);
      }
    }
    clearTimeout(telling);
    tellEnd(ended, count);
  } catch (error) {
    clearTimeout(telling);
    say(error.message, true);
  } finally {
    script.endRun();
    turn(false);
  }
  if (newer !== undefined && adopt(newer) && follow.checked) {
    runScript();
  }
}

function take({ type, lineStart, lineEnd, output, seconds, failed }) {
  if (lineStart === undefined) {
    script.write(output);
    return;
  }
  const segment = script.at(lineStart, lineEnd);
  if (type === 'started') {
    segment?.start();
    clearTimeout(telling);
    telling = setTimeout(() => say(`Running line ${lineStart}`), LONG);
  } else if (type === 'output') {
    segment?.write(output);
  } else if (type === 'ended') {
    segment?.end(seconds, failed);
    if (failed) {
      segment?.element.scrollIntoView({ block: 'nearest' });
    }
  }
}

function tellEnd(ended, count) {
  if (ended?.type === 'complete') {
    say(`Done: ${count} ${count === 1 ? 'statement' : 'statements'}`);
  } else if (ended) {
    say(ended.lineStart ? `Line ${ended.lineStart}: ${ended.message}` : ended.message, !wasReset);
  } else {
    say('The connection to the server was lost', true);
  }
}

/** Show a text that is another one than before; whether it is. */
function adopt(found) {
  newer = undefined;
  if (found === text) {
    return false;
  }
  text = found;
  script.show(text);
  return true;
}

/** See whether the file on disk has changed. */
async function look() {
  if (document.hidden) {
    return;
  }
  let found;
  try {
    found = await server.read();
  } catch (error) {
    if (error instanceof TypeError && !isRunning) {
      isLost = true;
      say('The server does not answer', true);
    } else if (text === undefined) {
      // Later, while an editor saves, the file may be gone for a moment; a run says what is wrong.
      say(error.message, true);
    }
    return;
  }
  if (isLost) {
    isLost = false;
    say('Ready');
  }
  if (isRunning) {
    const isNews = newer === undefined && found !== text;
    newer = found === text ? undefined : found;
    if (isNews && follow.checked) {
      stopScript();
    }
  } else {
    const isFirst = text === undefined;
    if (adopt(found)) {
      say(isFirst ? 'Ready' : 'Changed on disk');
      if (!isFirst && follow.checked) {
        runScript();
      }
    }
  }
}

async function lookOn() {
  await look();
  setTimeout(lookOn, LOOK_EVERY);
}

function turn(running) {
  isRunning = running;
  const hadFocus = document.activeElement === run || document.activeElement === stop;
  run.disabled = running;
  stop.disabled = !running;
  if (hadFocus) {
    (running ? stop : run).focus();
  }
}

async function stopScript() {
  if (isRunning) {
    say('Stopping');
    await server.interrupt().catch(error => say(error.message, true));
  }
}

run.addEventListener('click', runScript);
stop.addEventListener('click', stopScript);
reset.addEventListener('click', async () => {
  wasReset = true;
  try {
    await server.reset();
    script.clear();
    say('Reset: the next run has a new kernel');
  } catch (error) {
    say(error.message, true);
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    runScript();
  } else if (event.key === 'Escape') {
    stopScript();
  }
});
document.addEventListener('visibilitychange', look);
// Who leaves interrupts the script.
addEventListener('beforeunload', event => {
  if (isRunning) {
    event.preventDefault();
  }
});
// The token has let the reader in; it need not stand in the address, in bookmarks and in the history.
history.replaceState(null, '', location.pathname);
lookOn();
