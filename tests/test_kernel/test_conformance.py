"""jupyter_kernel_test, the conformance suite for kernels of any language, with every optional test."""

from __future__ import annotations

import os
import tempfile
from typing import Any, ClassVar

import jupyter_kernel_test as jkt
from jupyter_client.manager import start_new_kernel


class TestRdit(jkt.KernelTests):
    """The samples are those that jupyter_kernel_test tries on ipykernel, and more of each kind."""

    home: ClassVar[tempfile.TemporaryDirectory[str]]

    @classmethod
    def setUpClass(cls) -> None:
        # The history is counted: it has to be its own.
        cls.home = tempfile.TemporaryDirectory()
        environment = {**os.environ, "IPYTHONDIR": cls.home.name}
        cls.km, cls.kc = start_new_kernel(kernel_name=cls.kernel_name, env=environment)

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.home.cleanup()

    kernel_name = "rdit"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples: ClassVar[list[dict[str, Any]]] = [
        {"text": "zi", "matches": {"zip"}},
        {"text": "import colle", "matches": {"collections"}},
        {"text": "%timei", "matches": {"%timeit", "%%timeit"}},
    ]
    complete_code_samples: ClassVar[list[str]] = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n", "%pwd"]
    incomplete_code_samples: ClassVar[list[str]] = ["print('''hello", "def f(x):\n  x*2", "await f("]
    invalid_code_samples: ClassVar[list[str]] = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result: ClassVar[list[dict[str, str]]] = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
        {"code": "x = 5\nx", "result": "5"},
    ]
    code_display_data: ClassVar[list[dict[str, str]]] = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "from IPython.display import Math, display; display(Math('\\frac{1}{2}'))", "mime": "text/latex"},
    ]
    code_history_pattern = "1?2*"
    # Not "range": it asks for this session by its number, which IPython 9 answers from the disk, where it is not yet.
    supported_history_operations = ("tail", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


class TestWelcome(jkt.IopubWelcomeTests):
    kernel_name = "rdit"
    support_iopub_welcome = True
