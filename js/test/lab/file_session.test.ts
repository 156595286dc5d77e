// @vitest-environment node
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { describe, expect, test, vi } from 'vitest';

import { FileSession } from '../../lab/src/file_session';
import { TARGET } from '../../lab/src/protocol';
import { FakeKernel, settled } from '../support/session';

const TEXT = 'first = 1\nsecond = 2\nthird = 3';

interface IRequest {
  content: { code: string; silent?: boolean };
  metadata: object | undefined;
  end(): void;
}

/** A kernel that keeps what it was asked to execute. */
class ExecutingKernel extends FakeKernel {
  status: Kernel.Status = 'idle';
  readonly requests: IRequest[] = [];

  constructor(
    readonly id: string,
    features: string[] | undefined = [TARGET]
  ) {
    super(features);
  }

  requestExecute(content: IRequest['content'], _: boolean, metadata?: object): { done: Promise<void> } {
    let end = () => {};
    const done = new Promise<void>(resolve => (end = resolve));
    this.requests.push({ content, metadata, end });
    return { done };
  }

  get runs(): IRequest[] {
    return this.requests.filter(({ content }) => !content.silent);
  }
}

interface IRunning {
  id: string;
  type: string;
  kernel: ExecutingKernel;
}

/** The file's context of a page, on a server where these sessions run. */
class FakeFile {
  readonly path = 'folder/script.py';
  readonly localPath = this.path;
  readonly ready = Promise.resolve();
  readonly model = { toString: () => TEXT };
  readonly disposed = new Signal<this, void>(this);
  readonly sessionContext = {
    session: null as IRunning | null,
    kernelPreference: {} as { shutdownOnDispose?: boolean },
    sessionChanged: new Signal<object, void>(this),
    statusChanged: new Signal<object, Kernel.Status>(this),
    sessionManager: { runningChanged: new Signal<object, void>(this), running: () => this.running },
    initialize: async () => false,
    changeKernel: async ({ name }: { name: string }) => {
      this.started.push(name);
      this.connect({ id: 'session', type: 'file', kernel: this.kernel });
      return this.kernel;
    }
  };
  readonly started: string[] = [];

  constructor(
    readonly kernel: ExecutingKernel,
    readonly running: IRunning[] = []
  ) {}

  connect(session: IRunning): void {
    this.sessionContext.session = session;
    this.sessionContext.sessionChanged.emit();
  }

  get context(): DocumentRegistry.Context {
    return this as unknown as DocumentRegistry.Context;
  }
}

function opened(kernel = new ExecutingKernel('k'), running: IRunning[] = []) {
  const file = new FakeFile(kernel, running);
  return { file, kernel, session: new FileSession(file.context, 'rdit') };
}

describe('a run', () => {
  test('starts the kernel once, however many runs wait for it, and keeps their order', async () => {
    const { file, kernel, session } = opened();
    void session.run(undefined, () => {});
    void session.run({ lines: [2, 3] }, () => {});
    expect(session.pending).toBe(2);
    await settled();
    expect(file.started).toEqual(['rdit']);
    expect(kernel.runs.map(({ metadata }) => metadata)).toEqual([
      { cellId: 'file:session', rdit: {} },
      { cellId: 'file:session', rdit: { line_range: [2, 3] } }
    ]);
  });

  test('of a part sends the whole text, so that lines keep their numbers', async () => {
    const { kernel, session } = opened();
    void session.run({ lines: [2, 2] }, () => {});
    await settled();
    expect(kernel.runs[0].content).toEqual({ code: TEXT, stop_on_error: true });
  });

  test('of a part sends a kernel of another kind that part alone', async () => {
    const { kernel, session } = opened(new ExecutingKernel('k', []));
    void session.run({ lines: [2, 3] }, () => {});
    await settled();
    expect(kernel.runs).toMatchObject([{ content: { code: 'second = 2\nthird = 3' }, metadata: undefined }]);
  });

  test('after an error says that it goes on', async () => {
    const { kernel, session } = opened();
    void session.run('resume', () => {});
    await settled();
    expect(kernel.runs[0].metadata).toMatchObject({ rdit: { resume: true } });
  });

  test('is pending until its request is answered', async () => {
    const { kernel, session } = opened();
    const changed = vi.fn();
    const run = session.run(undefined, () => {});
    await settled();
    session.changed.connect(changed);
    kernel.runs[0].end();
    await run;
    expect(session.pending).toBe(0);
    expect(changed).toHaveBeenCalled();
  });

  test('in a kernel that died starts another one', async () => {
    const { file, kernel, session } = opened();
    const dead = new ExecutingKernel('dead');
    dead.status = 'dead';
    file.connect({ id: 'session', type: 'file', kernel: dead });
    void session.run(undefined, () => {});
    await settled();
    expect([dead.runs.length, kernel.runs.length]).toEqual([0, 1]);
  });
});

describe('the name of the file', () => {
  const told = ({ requests }: ExecutingKernel) => requests.filter(({ content }) => content.silent);

  test('is told to a kernel before its first run', async () => {
    const { kernel, session } = opened();
    void session.run(undefined, () => {});
    void session.run(undefined, () => {});
    await settled();
    expect(kernel.requests.map(({ content }) => content.silent ?? false)).toEqual([true, false, false]);
    expect(kernel.requests[0].content.code).toContain('"script.py"');
  });

  test('is told again after a restart', async () => {
    const { file, kernel, session } = opened();
    void session.run(undefined, () => {});
    await settled();
    file.sessionContext.statusChanged.emit('restarting');
    void session.run(undefined, () => {});
    await settled();
    expect(told(kernel)).toHaveLength(2);
  });
});

describe('the kernel ends with the file', () => {
  const ends = ({ sessionContext }: FakeFile) => sessionContext.kernelPreference.shutdownOnDispose;

  test('if it was started for the file, also before the page was loaded anew', () => {
    const { file, kernel } = opened();
    file.connect({ id: 'session', type: 'file', kernel });
    expect(ends(file)).toBe(true);
  });

  test('but not if it is a console’s', () => {
    const { file, kernel } = opened();
    file.connect({ id: 'session', type: 'console', kernel });
    expect(ends(file)).toBe(false);
  });

  test('but not while another document has it too', () => {
    const kernel = new ExecutingKernel('shared');
    const { file } = opened(kernel, [{ id: 'notebook', type: 'notebook', kernel }]);
    file.connect({ id: 'session', type: 'file', kernel });
    expect(ends(file)).toBe(false);
    file.running.length = 0;
    file.sessionContext.sessionManager.runningChanged.emit();
    expect(ends(file)).toBe(true);
  });
});
