"""A console that says again what it is told."""

import sidekick


def echo(event):
    console.print(f"You said: {event.value}")


console = sidekick.Console("Type something.\n", show_input=True, on_submit=echo)
console.print("I shall repeat it.")

sidekick.run_forever()
