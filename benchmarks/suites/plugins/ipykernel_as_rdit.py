"""A pytest plugin: where ipykernel's tests make a kernel or a shell in their own process, it is rdit's."""

from __future__ import annotations

import ipykernel.ipkernel
import ipykernel.kernelapp
import ipykernel.zmqshell

from rdit.kernel import RditKernel
from rdit.shell import RditShell

ipykernel.ipkernel.IPythonKernel = RditKernel  # type: ignore[misc]
ipykernel.kernelapp.IPythonKernel = RditKernel  # type: ignore[attr-defined]
ipykernel.zmqshell.ZMQInteractiveShell = RditShell  # type: ignore[misc]
