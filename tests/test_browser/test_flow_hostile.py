"""What somebody may send from the console of a page, through a real JupyterLab, to a tree in its kernel."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from support.flow_page import COUNTER, root_of, run, show
from support.lab import Lab

LOG = """\
import io, logging
log = io.StringIO()
logging.getLogger("flow").addHandler(logging.StreamHandler(log))"""
COMM = """(() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const [output] = panel.content.widgets[1].model.outputs.toJSON();
    const id = output.data['application/vnd.jupyter.widget-view+json'].model_id;
    return panel.sessionContext.session.kernel._comms.get(id);
})()"""
SEND = f"""target => {{
    const comm = {COMM};
    const send = (content, buffers) => comm.send({{method: 'custom', content}}, {{}}, buffers);
    const event = {{kind: 'event', page: 'stranger', serial: 1}};
    for (let count = 0; count < 250; count++) {{
        send({{...event, event: {{type: 'click', target_id: 'flow-' + count}}}});
        send({{...event, event: {{type: 'keydown', target_id: target, key: 'a'}}}});
        send({{...event, event: {{type: 'click', target_id: target, x: ['left']}}}});
        send({{kind: 'exec', code: 'count.value = 99'}});
    }}
    send({{...event, event: {{type: 'click', target_id: target, extra: 'x'.repeat(9_000_000)}}}});
    send({{kind: 'chunk', page: 'stranger', upload: 1, offset: 0, size: 9_000_000}}, [new ArrayBuffer(9_000_000)]);
    send(null);
}}"""


def test_hostile_messages_change_nothing_and_leave_one_line_of_each_kind_in_the_log(lab: Lab, page: Page) -> None:
    notebook = show(lab, page, LOG, COUNTER, "print(log.getvalue())")
    root = root_of(notebook, 1)
    page.evaluate(SEND, root.get_by_role("button").get_attribute("id"))
    root.get_by_role("button").click()
    expect(root).to_contain_text("Count: 1", timeout=200_000)
    run(notebook, 2)
    expect(notebook.outputs(2)).to_contain_text("event size")
    lines = notebook.outputs(2).inner_text().strip().splitlines()
    begin = "a page sent what cannot be: "
    assert all(line.startswith(begin) for line in lines), lines
    kinds = sorted(line.removeprefix(begin).partition(":")[0] for line in lines)
    assert kinds == sorted(set(kinds)), lines
    assert {"event nobody listens to", "event field", "unknown kind", "event size", "chunk size"} <= set(kinds)
    expect(root.locator(".flow-error")).to_have_count(0)
