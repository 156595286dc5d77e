"""``flow dev``: an app as a page that follows its files while they are written, and keeps what its visitor has done."""
