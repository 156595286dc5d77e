"""flow: reactive UI in plain Python. Its door is open, its rooms are still being built."""
