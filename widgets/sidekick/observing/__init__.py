"""How a value is observed: what each kind of container can do, where things are in a value, and who is told."""
