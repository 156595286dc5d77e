"""The process that `python -m rdit kernel` is."""

from __future__ import annotations

from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado import ioloop
from traitlets import Dict, DottedObjectName, Type, Unicode, default

from rdit.kernel import RditKernel
from rdit.session import StatementSession
from rdit.shell import RditShell
from rdit.streams import PublishingThread


class RditKernelApp(IPKernelApp):
    """IPKernelApp for the rdit kernel. It reads the same configuration files (``ipython_kernel_config.py``)."""

    description = Unicode("The rdit kernel: Python, one top-level statement at a time.")
    classes = [RditKernel, RditShell, *IPKernelApp.classes]  # noqa: RUF012  # traitlets declares it so
    kernel_class = Type(  # type: ignore[assignment]
        RditKernel, klass="ipykernel.kernelbase.Kernel", help="The kernel class to be used."
    ).tag(config=True)
    outstream_class = DottedObjectName(
        "rdit.streams.StatementStream", help="The importstring for the OutStream factory", allow_none=True
    ).tag(config=True)
    # Installing a kernelspec is the command line's: `rdit kernelspec install`.
    subcommands = Dict()

    @default("session")
    def _session_default(self) -> Session:
        return StatementSession(parent=self)

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """As IPKernelApp's, with a thread that gathers what it sends."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self._apply_curve_server_options(self.iopub_socket)
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = PublishingThread(self.iopub_socket, pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_kernel(self) -> None:
        # The logger lets everything through and leaves it to its handlers: a record for nobody, four times a cell.
        self.log.setLevel(self.log_level)
        super().init_kernel()

    def start(self) -> None:
        """Serve until somebody stops the loop. An interrupt that finds its way here does not."""
        if self.poller is not None:
            self.poller.start()
        self.kernel.start()
        self.io_loop = ioloop.IOLoop.current()
        if self.trio_loop:
            self._start_trio()
            return
        is_stopped = False
        while not is_stopped:
            try:
                self.io_loop.start()
                is_stopped = True
            except KeyboardInterrupt:
                self.log.warning("An interrupt reached the kernel's loop; the kernel goes on.")

    def _start_trio(self) -> None:
        from ipykernel.trio_runner import TrioRunner

        runner: Any = TrioRunner()
        runner.initialize(self.kernel, self.io_loop)
        try:
            runner.run()
        except KeyboardInterrupt:
            self.log.warning("An interrupt ended the trio loop.")
