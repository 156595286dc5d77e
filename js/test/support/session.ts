/** A session and its kernel as the page sees them: signals that the test emits, and what was asked of the kernel. */
import type { ISessionContext } from '@jupyterlab/apputils';
import { KernelMessage, type Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import { TARGET, type INews, type ITag, type StatementEvent } from '../../lab/src/protocol';

// An error in what hears a signal is an error of the test.
Signal.setExceptionHandler(error => {
  throw error;
});

type IOPub = KernelMessage.IIOPubMessage;
type OutputType = 'stream' | 'display_data' | 'execute_result' | 'error';

export class FakeKernel {
  readonly username = 'someone';
  readonly clientId = 'page';
  isDisposed = false;
  readonly asked: KernelMessage.IMessage[] = [];
  info: Promise<Partial<KernelMessage.IInfoReply> & { supported_features?: string[] }>;

  constructor(features: string[] | undefined) {
    this.info = Promise.resolve(features ? { supported_features: features } : {});
  }

  sendShellMessage(message: KernelMessage.IMessage): void {
    this.asked.push(message);
  }
}

export class FakeSession {
  session: { kernel: FakeKernel | null } | null;
  readonly iopubMessage = new Signal<this, IOPub>(this);
  readonly kernelChanged = new Signal<this, unknown>(this);
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly connectionStatusChanged = new Signal<this, Kernel.ConnectionStatus>(this);
  readonly disposed = new Signal<this, void>(this);

  constructor(kernel: FakeKernel | null = new FakeKernel([TARGET])) {
    this.session = { kernel };
  }

  /** What of a session a feed uses, as a session. */
  get context(): ISessionContext {
    return this as unknown as ISessionContext;
  }

  change(kernel: FakeKernel | null): void {
    this.session = { kernel };
    this.kernelChanged.emit(undefined);
  }

  tell(events: StatementEvent[], type: INews['type'] = 'events', commId = TARGET): void {
    const data = { type, events } as unknown as KernelMessage.ICommMsgMsg['content']['data'];
    this.iopubMessage.emit(
      KernelMessage.createMessage<KernelMessage.ICommMsgMsg<'iopub'>>({
        msgType: 'comm_msg',
        channel: 'iopub',
        session: 'kernel',
        content: { comm_id: commId, data }
      })
    );
  }

  publish(msgType: OutputType, content: object, parent: string, tag?: Partial<ITag>): void {
    const message = KernelMessage.createMessage({
      msgType,
      channel: 'iopub',
      session: 'kernel',
      content,
      parentHeader: { msg_id: parent },
      metadata: tag ? { rdit: tag } : {}
    } as unknown as KernelMessage.IOptions<KernelMessage.IStreamMsg>);
    this.iopubMessage.emit(message);
  }
}

/** Let what waits for a promise go on. */
export async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve));
}
