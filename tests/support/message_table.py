"""Cells of all kinds, and where what rdit publishes for one may differ from what python3 publishes, and why.

A difference is a function: given python3's transcript it makes the one that rdit owes. So everything else about the
cell is still compared, and a difference that python3 no longer shows is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from support.transcript import Line, Transcript

EVERY_EXPRESSION = "rdit shows the value of every top-level expression, not only the last one's"
ONE_WARNING = "python3 shows a SyntaxWarning once for parsing, checking and compiling each"
PYTHON_UNTOUCHED = "python3 takes a `>>>` inside a string for a prompt and strips it"
LINES_KEPT = "python3 drops blank first lines and then counts from the first that is not blank"
SEMICOLON_SEEN = "python3 looks for the `;` in the last cell that history holds, which is another one"

RAISED_THERE = "python3 points at the line where a frame was last, not where it raised"
ERROR_NAMED = "python3's reply calls an error that a formatter raised NoneType"


@dataclass(frozen=True, slots=True)
class Difference:
    """``apply`` makes the transcript that rdit owes of python3's. ``may_end``: a release of IPython may mend it."""

    reason: str
    apply: Callable[[Transcript], Transcript]
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A cell to compare, and cells that run before and after it.

    ``interrupt_at`` is the text at which the cell is interrupted, or "input" for its first request for input.
    ``needs`` is a module without which there is nothing to compare.
    """

    name: str
    code: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    interrupt_at: str | None = None
    difference: Difference | None = None
    needs: str | None = None

    def __str__(self) -> str:
        return self.name


def results(*found: tuple[int, str], reason: str = EVERY_EXPRESSION) -> Difference:
    """Further execute_results, each at its place in the transcript (0 is the busy, 1 the execute_input)."""

    def apply(lines: Transcript) -> Transcript:
        lines = list(lines)
        for place, text in found:
            lines.insert(place, _result(text))
        return lines

    return Difference(reason, apply)


def rewritten(reason: str, *pairs: tuple[str, str]) -> Difference:
    """Texts that read otherwise, wherever they stand."""

    def apply(lines: Transcript) -> Transcript:
        for old, new in pairs:
            lines = [_replaced(line, old, new) for line in lines]
        return lines

    return Difference(reason, apply)


def raised_at(place: str, code: str) -> Difference:
    """Tracebacks whose first frame is at another line."""

    def pointing(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: first(each) if key == "traceback" else pointing(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(pointing(each) for each in value)
        return value

    def first(lines: list[str]) -> list[str]:
        at = next(k for k, line in enumerate(lines) if line.startswith("Cell In"))
        return [*lines[:at], place, code, *lines[at + 2 :]]

    return Difference(RAISED_THERE, lambda lines: [pointing(line) for line in lines], may_end=True)


def _result(text: str) -> Line:
    return "execute_result", {"data": {"text/plain": text}, "metadata": {}, "execution_count": "+1"}, {}


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: _replaced(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, old, new) for each in value]
    if isinstance(value, tuple):
        return tuple(_replaced(each, old, new) for each in value)
    return value


def _last_warning(lines: Transcript) -> Transcript:
    return [(*line[:2], line[2][line[2].rindex("<cell>:") :]) if line[0] == "stream" else line for line in lines]


def _without_result(lines: Transcript) -> Transcript:
    return [line for line in lines if line[0] != "execute_result"]


def _with_named_error(lines: Transcript) -> Transcript:
    *others, (kind, content) = lines
    return [*others, (kind, {**content, "ename": "ZeroDivisionError", "evalue": "division by zero"})]


_VALUES: Sequence[Case] = (
    Case("an expression", "1"),
    Case("three expressions", "1\n2\n3", difference=results((2, "1"), (3, "2"))),
    Case("an assignment", "x = 1"),
    Case("nothing", ""),
    Case("blank lines", "  \n\n"),
    Case("a comment", "# nothing to do"),
    Case("an expression after an assignment", "x = 2\nx"),
    Case("an expression before an assignment", "x\nx = 3", before=("x = 2",), difference=results((2, "2"))),
    Case("None is not shown", "None\n[None].pop()"),
    Case("a semicolon hides", "5;"),
    Case("a semicolon hides before a comment", "5;  # hidden"),
    Case("a semicolon between two hides the first", "6; 7"),
    Case("a semicolon within a string", "'a;'\n'b;'", difference=results((2, "'a;'"))),
    Case("a semicolon hides one of several", "8;\n9", before=("0",)),
    Case("a string", "'a\\nb'"),
    Case("a long list", "list(range(2000))"),
    Case("a value over many lines", "(1 +\n 2 +\n 3)"),
    Case("an expression inside a block is not shown", "if True:\n    1\nfor i in range(2):\n    i"),
    Case("the value before", "_ + 1", before=("41",)),
    Case("the value before that", "__", before=("'one'", "'two'")),
    Case("the value of the cell before is its last", "_, __", before=("'old'", "1\n2\n3")),
    Case("values are kept in Out", "Out[max(Out)]", before=("'kept'",)),
    Case("sources are kept in In", "In[-1]"),
    Case("a function and its call", "def f(n):\n    return n * 2\n\nf(21)"),
    Case("a decorated class", "@repr\nclass A:\n    pass\nA[:16]"),
    Case("a string first", '"""About this cell."""\nx = 1', difference=results((2, "'About this cell.'"))),
    Case("the module's name", "__name__"),
    Case("a sum of walruses", "(a := 3) + (b := 4)\na * b", difference=results((2, "7"))),
    Case("a match", "match [1, 2]:\n    case [a, b]:\n        print(a + b)"),
    Case("many scripts", "'αβγ 漢字 🙂'"),
    Case("windows line ends", "x = 1\r\nprint(x)\r\nx"),
    Case("a form feed", "x = 1\n\f\nprint(x)"),
    Case("a continued line", "x = 1 + \\\n  2\nx"),
    Case(
        "a future import",
        "from __future__ import annotations\ndef f(x: nowhere): ...\nf.__annotations__",
        after=("get_ipython().compile.reset_compiler_flags()",),
    ),
    Case("del and global", "y = 1\ndef g():\n    global y\n    y = 2\ng()\nprint(y)\ndel y"),
)

_STREAMS: Sequence[Case] = (
    Case("a print", "print('a')"),
    Case("prints and a value", "print('a')\nprint('b')\n3"),
    Case("stderr", "import sys\nprint('e', file=sys.stderr);"),
    Case("both streams", "import sys\nprint('o', flush=True)\nprint('e', file=sys.stderr, flush=True)\nprint('p');"),
    Case("no line end", "print('a', end='')\nprint('b', end='\\r')"),
    Case("a megabyte", "print('x' * 1_000_000)"),
    Case(
        "a value between prints",
        "print('a')\n1\nprint('b')",
        difference=Difference(
            EVERY_EXPRESSION,
            lambda lines: [
                *lines[:2],
                ("stream", "stdout", "a\n"),
                _result("1"),
                ("stream", "stdout", "b\n"),
                *lines[3:],
            ],
        ),
    ),
    Case("writing returns a number", "import sys\nsys.stdout.write('abc')"),
    Case(
        "a thread's print",
        "import threading\nt = threading.Thread(target=print, args=('from a thread',))\nt.start()\nt.join()",
    ),
    Case("a thread's error", "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()"),
    Case("a subprocess", "import subprocess, time\np = subprocess.run(['echo', 'from a child'])\ntime.sleep(0.3)"),
    Case("a file descriptor", "import os, time\nn = os.write(1, b'raw\\n')\ntime.sleep(0.3)"),
    Case("logging", "import logging\nlogging.getLogger('a').warning('take care')"),
    Case("a warning", "import warnings\nwarnings.warn('careful')"),
    Case("a warning in a function", "import warnings\ndef f():\n    warnings.warn('deep', DeprecationWarning)\nf()"),
    Case(
        "a syntax warning",
        "x = 1\nx is 1",
        before=("import warnings; _filters = warnings.filters[:]; warnings.simplefilter('always')",),
        after=("warnings.filters[:] = _filters",),
        difference=Difference(ONE_WARNING, _last_warning),
    ),
    Case(
        "redirected",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as s:\n    print('kept')\ns.getvalue()",
    ),
)

_ERRORS: Sequence[Case] = (
    Case("an error", "1/0"),
    Case("an error after a print", "print('before')\n1/0\nprint('after')"),
    Case("an error on line three", "a = 1\nb = 2\nc = a / 0\nd = 3"),
    Case("an error in a function", "def f(n):\n    return g(n)\ndef g(n):\n    return n / 0\nf(1)"),
    Case("an error in a function of another cell", "f(2)", before=("def f(n):\n    return n / 0",)),
    Case(
        "a chain of errors",
        "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('no') from e",
        difference=raised_at("Cell In[+1], line 2", "----> 2     1/0"),
    ),
    Case(
        "an error while handling one",
        "try:\n    1/0\nexcept ZeroDivisionError:\n    {}['k']",
        difference=raised_at("Cell In[+1], line 2", "----> 2     1/0"),
    ),
    Case("a group of errors", "raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])"),
    Case("an error with a note", "e = ValueError('noted')\ne.add_note('look here')\nraise e"),
    Case("a name that is not there", "no_such_name"),
    Case("an assertion", "assert 1 == 2, 'not equal'"),
    Case("a recursion", "def f():\n    f()\nf()"),
    Case("an error that cannot be printed", "class E(Exception):\n    def __str__(self): raise ValueError\nraise E"),
    Case(
        "an error with its own traceback",
        "class E(Exception):\n    def _render_traceback_(self): return ['mine']\nraise E",
    ),
    Case(
        "an error in repr",
        "class R:\n    def __repr__(self): return 1/0\nR()",
        difference=Difference(ERROR_NAMED, _with_named_error),
    ),
    Case(
        "an error in HTML repr",
        "class R:\n    def _repr_html_(self): return 1/0\n    def __repr__(self): return 'R'\nR()",
        difference=Difference(ERROR_NAMED, _with_named_error),
    ),
    Case("KeyboardInterrupt raised", "raise KeyboardInterrupt"),
    Case("SystemExit raised", "raise SystemExit(3)"),
    Case("sys.exit in a function", "import sys\ndef f(): sys.exit('gone')\nf()"),
    Case("GeneratorExit raised", "raise GeneratorExit"),
    Case("StopIteration raised", "next(iter(()))"),
    Case("CancelledError raised", "import asyncio\nraise asyncio.CancelledError('not really')"),
    Case("invalid syntax", "x ="),
    Case("invalid syntax on line three", "print('not run')\nx = 1\ny = )"),
    Case("an indentation that is not expected", "x = 1\n  y = 2"),
    Case("an open bracket", "print((1, 2"),
    Case("an open string", "x = 'abc"),
    Case("tabs and spaces", "if True:\n\tx = 1\n        y = 2"),
    Case("return at top level", "print('ran')\nreturn 1"),
    Case("a nonlocal at top level", "nonlocal x"),
    Case("a null byte", "x = '\\x00'\nlen(x)"),
    Case(
        "blank first lines",
        "\n\n1/0",
        difference=rewritten(LINES_KEPT, ("line 1", "line 3"), ("----> 1 1/0", "----> 3 1/0")),
    ),
    Case("an error after blank lines", "a = 1\n\n\n\na / 0"),
    Case(
        "a custom handler",
        "1/0",
        before=(
            "get_ipython().set_custom_exc((ZeroDivisionError,), lambda self, *a, **k: print('handled', a[0].__name__))",
        ),
        after=("get_ipython().set_custom_exc((), None)",),
    ),
    Case("plain tracebacks", "def f(): 1/0\nf()", before=("%xmode Plain",), after=("%xmode Context",)),
    Case("an error in a block", "with open('/no/such/file') as f:\n    pass"),
    Case("an error in finally", "try:\n    print('tried')\nfinally:\n    print('at last')\n    1/0"),
)

_MAGICS: Sequence[Case] = (
    Case("%time", "%time sum(range(10))"),
    Case("%%time", "%%time\nx = 1\nx"),
    Case("%timeit", "%timeit -n1 -r1 pass"),
    Case("%%timeit", "%%timeit -n1 -r1\npass"),
    Case("%pwd", "%pwd"),
    Case("automagic", "pwd"),
    Case(
        "a magic between statements",
        "print('a')\n%precision 3\nprint('b')",
        after=("%precision",),
        difference=Difference(
            EVERY_EXPRESSION,
            lambda lines: [
                *lines[:2],
                ("stream", "stdout", "a\n"),
                _result("'%.3f'"),
                ("stream", "stdout", "b\n"),
                *lines[3:],
            ],
        ),
    ),
    Case("a magic's value assigned", "here = %pwd\ntype(here)"),
    Case("a magic that is not there", "%nope"),
    Case("a cell magic that is not there", "%%nope\n1"),
    Case("a cell magic as a line magic", "%bash"),
    Case("a cell magic in the second line", "x = 1\n%%time\nx"),
    Case("%%capture", "%%capture out\nprint('kept')\n5", before=("0",)),
    Case("%%capture shown", "out.show()", before=("%%capture out\nprint('kept')\ndisplay(5)",)),
    Case("%%html", "%%html\n<b>bold</b>"),
    Case("%%javascript", "%%javascript\n1"),
    Case("%%latex", "%%latex\n$x$"),
    Case("%%markdown", "%%markdown\n# Title"),
    Case("%%bash", "%%bash\necho from bash\necho to stderr >&2"),
    Case("%%script false", "%%script false"),
    Case("a shell command", "!echo hello"),
    Case("a shell command that fails", "!exit 3\n_exit_code"),
    Case("a shell command's value", "lines = !printf 'a\\nb'\nlines"),
    Case("a shell command with a variable", "word = 'there'\n!echo hello {word}"),
    Case("%env", "%env RDIT_TEST=1"),
    Case("%who", "%who_ls int", before=("%reset -f\nwho_counts = 1",)),
    Case("%whos", "%whos int"),
    Case("%history", "%history -n ~0/1-2"),
    Case("help with ?", "len?"),
    Case("help with ??", "f??", before=("def f():\n    return 'the source'",)),
    Case("help with %pinfo", "%pinfo print"),
    Case("help for nothing", "no_such_name?"),
    Case("a wildcard", "*int?"),
    Case("help()", "help(abs)"),
    Case("a page", "from IPython.core import page\npage.page('a page')"),
    Case("the next cell's text", "get_ipython().set_next_input('x = 1')"),
    Case("%%writefile", "%%writefile told.py\nx = 5\nprint('told', __name__)"),
    Case("%load", "%load told.py"),
    Case("%run", "%run told.py\nx", before=("%%writefile told.py\nx = 5\nprint('told', __name__)",)),
    Case("%run with an error", "%run failing.py", before=("%%writefile failing.py\nx = 1\n1/0",)),
    Case(
        "%run a notebook's worth",
        "%run cells.ipy",
        before=("%%writefile cells.ipy\n%precision 2\n3.14159",),
        after=("%precision",),
    ),
    Case("%reset", "%reset -f\n'x' in globals()", before=("x = 1",)),
    Case("%autoreload", "%load_ext autoreload\n%autoreload 2\nprint('loaded')"),
    Case("%prun", "%prun -q 1"),
    Case("%config", "%config InlineBackend.figure_formats"),
    Case("%alias", "%alias say echo said %s\nsay word"),
    Case("%xmode", "%xmode", after=("%xmode Context",)),
    Case("%autocall", "%autocall 1\nabs -3\n%autocall 0"),
    Case("%autoawait", "%autoawait"),
    Case("a prompt pasted", ">>> 1 + 1\n2", difference=results((2, "2"))),
    Case("an IPython prompt pasted", "In [1]: 2 + 2"),
    Case(
        "a prompt within a string",
        "print('''\n>>> 1 + 1\n2\n''')",
        difference=rewritten(PYTHON_UNTOUCHED, ("\n1 + 1", "\n>>> 1 + 1")),
    ),
    Case("an indented cell", "    x = 1\n    x"),
    Case(
        "a cell within a cell",
        "r = get_ipython().run_cell('10\\n20')",
        difference=Difference(
            EVERY_EXPRESSION,
            lambda lines: [
                *lines[:2],
                ("execute_result", {**lines[2][1], "data": {"text/plain": "10"}}, {}),
                *lines[2:],
            ],
        ),
    ),
)

_AWAITS: Sequence[Case] = (
    Case("an await", "import asyncio\nawait asyncio.sleep(0.01)\n'slept'"),
    Case("an await's value", "async def f(): return 5\nawait f()"),
    Case("an await between prints", "print('a')\nawait asyncio.sleep(0)\nprint('b')", before=("import asyncio",)),
    Case("async for", "async def g():\n    yield 1\n    yield 2\nasync for x in g():\n    print(x)"),
    Case(
        "async with",
        "import contextlib\n@contextlib.asynccontextmanager\nasync def c():\n    yield 'in'\n"
        "async with c() as x:\n    print(x)",
    ),
    Case("an error in an await", "async def f(): 1/0\nawait f()"),
    Case(
        "a coroutine left alone",
        "type(f())",
        before=(
            "async def f(): ...",
            "import warnings; _filters = warnings.filters[:]; warnings.simplefilter('ignore')",
        ),
        after=("warnings.filters[:] = _filters",),
    ),
    Case("a task", "t = asyncio.create_task(asyncio.sleep(0.01, 'done'))\nawait t", before=("import asyncio",)),
    Case("a timeout", "import asyncio\nawait asyncio.wait_for(asyncio.sleep(10), 0.05)"),
    Case(
        "a task group that fails",
        "async def f(): 1/0\nasync with asyncio.TaskGroup() as g:\n    g.create_task(f())",
        before=("import asyncio",),
    ),
    Case(
        "a context variable", "v.get()", before=("import contextvars\nv = contextvars.ContextVar('v')\nt = v.set(7)",)
    ),
    Case("a running loop", "import asyncio\nasyncio.get_running_loop().is_running()"),
    Case(
        "asyncio.run",
        "import asyncio\nasync def f(): return 1\nc = f()\ntry:\n    asyncio.run(c)\n"
        "except RuntimeError as e:\n    print(e)\nc.close()",
    ),
    Case(
        "no await where it is off",
        "await asyncio.sleep(0)",
        before=("import asyncio", "%autoawait off"),
        after=("%autoawait on",),
    ),
    Case(
        "trio",
        "await trio.sleep(0)\n'trio'",
        before=("import trio", "%autoawait trio"),
        after=("%autoawait asyncio",),
        needs="trio",
    ),
)

_DISPLAYS: Sequence[Case] = (
    Case("display()", "display(1, 'two')"),
    Case("display and a value", "display(1)\n2"),
    Case(
        "display of HTML",
        "from IPython.display import HTML, Markdown, JSON, Latex\n"
        "display(HTML('<b>h</b>'), Markdown('*m*'), Latex('$x$'), JSON({'a': [1]}))",
    ),
    Case("a picture", "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png')"),
    Case("a raw bundle", "display({'text/plain': 'p', 'text/html': 'h'}, raw=True, metadata={'text/html': {'k': 1}})"),
    Case("display with an id", "h = display('first', display_id='one')"),
    Case("an update", "h = display('first', display_id='two')\nh.update('second')"),
    Case("a display handle", "display('x', display_id='three')"),
    Case("an update of another cell's display", "h.update('third')", before=("h = display('a', display_id='four')",)),
    Case("clear_output", "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')"),
    Case(
        "clear_output that waits",
        "print('a')\nclear_output(wait=True)\nprint('b')",
        before=("from IPython.display import clear_output",),
    ),
    Case(
        "an HTML repr",
        "class H:\n    def _repr_html_(self): return '<i>h</i>'\n    def __repr__(self): return 'H'\nH()",
    ),
    Case(
        "a MIME bundle", "class M:\n    def _repr_mimebundle_(self, **k): return {'text/plain': 'm', 'a/b': 'c'}\nM()"
    ),
    Case("_ipython_display_", "class D:\n    def _ipython_display_(self): print('displayed')\nD()"),
    Case("an SVG", "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')"),
    Case("a displayhook called", "import sys\nsys.displayhook(5)\nprint('after')"),
    Case("a progress bar", "import sys\nfor i in range(3):\n    sys.stderr.write(f'\\r{i}')\n    sys.stderr.flush()"),
    Case("a table", "pandas.DataFrame({'a': [1, 2]})", before=("import pandas",), needs="pandas"),
    Case(
        "a plot",
        "ax = plt.plot([1, 2])",
        before=("%matplotlib inline", "import matplotlib.pyplot as plt"),
        needs="matplotlib",
    ),
    Case("a plot over statements", "f, ax = plt.subplots()\nax.plot([1, 2]);\nax.set_title('t');\nprint('made')"),
    Case("a plot and its value", "f, ax = plt.subplots()\nax.set_title('t')"),
    Case("plots shown in the middle", "x = plt.plot([1])\nplt.show()\nprint('between')\nx = plt.plot([2])\nplt.show()"),
    Case("a plot and an error", "x = plt.plot([1])\n1/0"),
    Case("a figure as a value", "f", before=("f, ax = plt.subplots()\nplt.close(f)",)),
)

_INPUTS: Sequence[Case] = (
    Case("input", "input('name? ')", answers=("ada",)),
    Case("two inputs", "a = input('a')\nb = input('b')\na + b", answers=("1", "2")),
    Case("a password", "import getpass\ngetpass.getpass('secret: ')", answers=("hidden",)),
    Case("input where none is allowed", "input()", request={"allow_stdin": False}),
    Case("a print before input", "print('before')\nx = input()\nprint(x)", answers=("typed",)),
    Case("%debug", "%debug", before=("def f(n):\n    return n / 0\nf(1)",), answers=("p n", "q")),
    Case("%pdb", "1/0", before=("%pdb on",), answers=("q",), after=("%pdb off",)),
    Case("set_trace", "import pdb\ndef f():\n    x = 5\n    pdb.set_trace()\n    return x\nf()", answers=("p x", "c")),
    Case(
        "breakpoint",
        "def f():\n    x = 5\n    breakpoint()\n    return x\nf()",
        before=("import sys; _hook, sys.breakpointhook = sys.breakpointhook, sys.__breakpointhook__",),
        after=("sys.breakpointhook = _hook",),
        answers=("p x", "c"),
    ),
    Case("%%debug", "%%debug\nx = 1", answers=("c",)),
    Case("an interrupt of input", "input('wait')", interrupt_at="input"),
    Case("an interrupt of a sleep", "import time\nprint('on', flush=True)\ntime.sleep(20)", interrupt_at="on"),
    Case("an interrupt of a loop", "print('on', flush=True)\nwhile True:\n    pass", interrupt_at="on"),
    Case(
        "an interrupt of a function",
        "def f():\n    print('on', flush=True)\n    time.sleep(20)\nf()",
        before=("import time",),
        interrupt_at="on",
    ),
    Case(
        "an interrupt that is caught",
        "try:\n    print('on', flush=True)\n    time.sleep(20)\nexcept KeyboardInterrupt:\n"
        "    print('caught')\n'went on'",
        before=("import time",),
        interrupt_at="on",
    ),
    Case("an interrupt of a child", "print('on', flush=True)\n!sleep 20", interrupt_at="on"),
)

_REQUESTS: Sequence[Case] = (
    Case("silent", "print('heard')\n1", request={"silent": True}),
    Case("silent and failing", "1/0", request={"silent": True}),
    Case("no history", "print('a')\n1", request={"store_history": False}),
    Case("no history and failing", "1/0", request={"store_history": False}),
    Case(
        "a hidden value without history",
        "1;",
        request={"store_history": False},
        difference=Difference(SEMICOLON_SEEN, _without_result),
    ),
    Case("user expressions", "x = 5", request={"user_expressions": {"double": "x * 2", "bad": "nope", "html": "x"}}),
    Case("user expressions after an error", "1/0", request={"user_expressions": {"a": "1"}}),
    Case("user expressions alone", "", request={"silent": True, "user_expressions": {"a": "1 + 1"}}),
    Case("a payload and an error", "get_ipython().set_next_input('x')\n1/0"),
)

_EXTENSIONS: Sequence[Case] = (
    Case(
        "events",
        "print('in the cell')",
        before=(
            "ip = get_ipython()\ncalls = {n: (lambda *a, n=n: print(n)) for n in "
            "('pre_execute', 'pre_run_cell', 'post_execute', 'post_run_cell')}\n"
            "for n, c in calls.items(): ip.events.register(n, c)",
        ),
        after=("for n, c in calls.items(): ip.events.unregister(n, c)",),
    ),
    Case(
        "an event that fails",
        "1",
        before=("def bad(): 1/0\nget_ipython().events.register('post_execute', bad)",),
        after=("get_ipython().events.unregister('post_execute', bad)",),
    ),
    Case(
        "an event is told the result",
        "2\n3",
        before=(
            "def told(result): print(result.result, result.success)\n"
            "get_ipython().events.register('post_run_cell', told)",
        ),
        after=("get_ipython().events.unregister('post_run_cell', told)",),
        difference=results((2, "2")),
    ),
    Case(
        "an AST transformer",
        "20 + 1",
        before=(
            "import ast\nclass Double(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
            "        return ast.copy_location(ast.Constant(node.value * 2), node)\nd = Double()\n"
            "get_ipython().ast_transformers.append(d)",
        ),
        after=("get_ipython().ast_transformers.clear()",),
    ),
    Case(
        "an AST transformer that adds a statement",
        "20 + 1",
        before=(
            "import ast\nclass Twice(ast.NodeTransformer):\n    def visit_Module(self, node):\n"
            "        node.body = [*ast.parse('print(\"added\")').body, *node.body]\n        return node\n"
            "get_ipython().ast_transformers.append(Twice())",
        ),
        after=("get_ipython().ast_transformers.clear()",),
    ),
    Case(
        "an AST transformer that rejects",
        "'forbidden'",
        before=(
            "import ast\nfrom IPython.core.error import InputRejected\n"
            "class No(ast.NodeTransformer):\n    def visit_Constant(self, node):\n"
            "        if node.value == 'forbidden': raise InputRejected('not today')\n        return node\n"
            "get_ipython().ast_transformers.append(No())",
        ),
        after=("get_ipython().ast_transformers.clear()",),
    ),
    Case(
        "an input transformer",
        "shout hello",
        before=(
            "def shout(lines):\n"
            "    return [f\"print({l[6:].strip().upper()!r})\\n\" if 'shout ' in l else l for l in lines]\n"
            "get_ipython().input_transformers_cleanup.append(shout)",
        ),
        after=("get_ipython().input_transformers_cleanup.remove(shout)",),
    ),
    Case(
        "a comm",
        "from comm import create_comm\nc = create_comm(target_name='t', data={'a': 1})\nc.send({'b': 2})\nc.close()",
    ),
    Case(
        "a comm's buffers",
        "c = create_comm(target_name='t')\nc.send({}, buffers=[b'123'])\nc.close()",
        before=("from comm import create_comm",),
    ),
    Case("a widget", "import ipywidgets\nw = ipywidgets.IntSlider(3)\nw", needs="ipywidgets"),
    Case("a widget's change", "w.value = 7", before=("w = ipywidgets.IntSlider(3)",), needs="ipywidgets"),
    Case(
        "a widget of outputs",
        "o = ipywidgets.Output()\nwith o:\n    print('inside')\n    display(5)\nprint('outside')",
        needs="ipywidgets",
    ),
    Case(
        "a widget that catches an error",
        "o = ipywidgets.Output()\nwith o:\n    1/0\nprint('on')",
        difference=raised_at("Cell In[+1], line 3", "----> 3     1/0"),
        needs="ipywidgets",
    ),
    Case("interact", "@ipywidgets.interact(x=(0, 3))\ndef f(x): print(x)", needs="ipywidgets"),
    Case(
        "a magic of one's own",
        "%%double\n21",
        before=(
            "from IPython.core.magic import register_cell_magic\n@register_cell_magic\ndef double(line, cell):\n"
            "    return int(cell) * 2",
        ),
    ),
    Case(
        "last_expr_or_assign",
        "x = 12",
        before=("get_ipython().ast_node_interactivity = 'last_expr_or_assign'",),
        after=("get_ipython().ast_node_interactivity = get_ipython().before",),
    ),
    Case(
        "none",
        "12",
        before=("get_ipython().ast_node_interactivity = 'none'",),
        after=("get_ipython().ast_node_interactivity = get_ipython().before",),
    ),
    Case(
        "last_expr",
        "12\n13",
        before=("get_ipython().ast_node_interactivity = 'last_expr'",),
        after=("get_ipython().ast_node_interactivity = get_ipython().before",),
    ),
    Case(
        "last",
        "x = 13\nif x:\n    x",
        before=("get_ipython().ast_node_interactivity = 'last'",),
        after=("get_ipython().ast_node_interactivity = get_ipython().before",),
    ),
    Case(
        "all",
        "12\n13",
        before=("get_ipython().ast_node_interactivity = 'all'",),
        after=("get_ipython().ast_node_interactivity = get_ipython().before",),
    ),
)

CASES: Sequence[Case] = (
    *_VALUES,
    *_STREAMS,
    *_ERRORS,
    *_MAGICS,
    *_AWAITS,
    *_DISPLAYS,
    *_INPUTS,
    *_REQUESTS,
    *_EXTENSIONS,
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that runs no cell. ``left_out`` are keys of the reply in which the kernels may differ."""

    kind: str
    content: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "shell"
    left_out: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.kind} on {self.channel}" + "".join(f", {value!r}" for value in self.content.values())


# What jedi finds out about each match within a time limit.
_GUESSED = frozenset({"metadata"})
# What a kernel says of itself; what rdit's features are stands in test_shell.py.
_ITSELF = frozenset({"implementation", "implementation_version", "banner", "supported_features"})

REQUEST_SETUP = "import os\ntable = {'a': 1}\ndef add(a: int, b: int = 2) -> int:\n    \"Adds.\"\n    return a + b"
REQUESTS: Sequence[Request] = (
    Request("kernel_info_request", left_out=_ITSELF),
    Request("kernel_info_request", channel="control", left_out=_ITSELF),
    Request("complete_request", {"code": "os.pat", "cursor_pos": 6}, left_out=_GUESSED),
    Request("complete_request", {"code": "x = tab", "cursor_pos": 7}, left_out=_GUESSED),
    Request("complete_request", {"code": "table['", "cursor_pos": 7}, left_out=_GUESSED),
    Request("complete_request", {"code": "%pre", "cursor_pos": 4}, left_out=_GUESSED),
    Request("complete_request", {"code": "import jso", "cursor_pos": 10}, left_out=_GUESSED),
    Request("complete_request", {"code": "add(b", "cursor_pos": 5}, left_out=_GUESSED),
    Request("complete_request", {"code": "import os\nos.getc\n1", "cursor_pos": 17}, left_out=_GUESSED),
    Request("complete_request", {"code": "no_such_thing.", "cursor_pos": 14}, left_out=_GUESSED),
    Request("complete_request", {"code": "'é🙂'.upp", "cursor_pos": 8}, left_out=_GUESSED),
    Request("inspect_request", {"code": "add", "cursor_pos": 3, "detail_level": 0}),
    Request("inspect_request", {"code": "add", "cursor_pos": 3, "detail_level": 1}),
    Request("inspect_request", {"code": "os.path.join(", "cursor_pos": 13, "detail_level": 0}),
    Request("inspect_request", {"code": "no_such_thing", "cursor_pos": 3, "detail_level": 0}),
    Request("inspect_request", {"code": "%time", "cursor_pos": 5, "detail_level": 0}),
    Request("is_complete_request", {"code": "x = 1"}),
    Request("is_complete_request", {"code": "def f():"}),
    Request("is_complete_request", {"code": "x = )"}),
    Request("is_complete_request", {"code": '"""open'}),
    Request("is_complete_request", {"code": "%%bash\nls"}),
    Request("is_complete_request", {"code": "await f("}),
    Request("history_request", {"hist_access_type": "tail", "n": 1, "output": False, "raw": True}),
    Request("history_request", {"hist_access_type": "tail", "n": 1, "output": False, "raw": False}),
    Request(
        "history_request",
        {"hist_access_type": "search", "n": 5, "pattern": "import os*", "output": False, "raw": True, "unique": True},
    ),
    Request(
        "history_request",
        {"hist_access_type": "range", "session": 0, "start": 1, "stop": 4, "output": True, "raw": True},
    ),
    Request("comm_info_request"),
    Request("comm_info_request", {"target_name": "jupyter.widget"}),
    Request("list_subshell_request", channel="control"),
    Request("interrupt_request", channel="control"),
    Request(
        "debug_request",
        {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}},
        channel="control",
        left_out=frozenset({"seq", "body"}),
    ),
)
