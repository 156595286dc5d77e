"""sidekick: components that make a program visible while it runs. Its door is open, its rooms are still being built."""
