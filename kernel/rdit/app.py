"""The process that `python -m rdit kernel` is."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from tornado import ioloop
from traitlets import Any as AnyTrait
from traitlets import Dict, DottedObjectName, Type, Unicode, default

from rdit import lazy_packages
from rdit.kernel import RditKernel
from rdit.publishing import PublishingThread, make_lossless
from rdit.session import StatementSession
from rdit.shell import RditShell


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
    # Imported when asked for, which in a kernel is never; by its name the trait would import it at once.
    blocking_class = AnyTrait()
    # Installing a kernelspec is the command line's: `rdit kernelspec install`.
    subcommands = Dict()

    @default("blocking_class")
    def _blocking_class_default(self) -> Any:
        from jupyter_client.blocking.client import BlockingKernelClient

        return BlockingKernelClient

    @default("session")
    def _session_default(self) -> Session:
        return StatementSession(parent=self)

    def _ip_default(self) -> str:
        # Asked even where the connection file says it, and localhost() looks at every network interface to answer.
        return "127.0.0.1" if self.transport == "tcp" else str(super()._ip_default())

    def init_sockets(self) -> None:
        with _without_warning_of_plain_loopback(self):
            super().init_sockets()

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """As IPKernelApp's, with a thread that gathers what it sends."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        make_lossless(self.iopub_socket)
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
        # What was made so far stays: the collector need not look at it again. `main` had switched it off.
        gc.freeze()
        gc.enable()
        lazy_packages.settle()
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


@contextmanager
def _without_warning_of_plain_loopback(app: RditKernelApp) -> Iterator[None]:
    """ipykernel warns of every kernel that talks plain TCP; on the loopback interface there is nobody to warn of."""

    def is_wanted(record: logging.LogRecord) -> bool:
        return not (app.ip in ("127.0.0.1", "::1") and "without encryption" in str(record.msg))

    app.log.addFilter(is_wanted)
    try:
        yield
    finally:
        app.log.removeFilter(is_wanted)
