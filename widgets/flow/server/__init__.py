"""What runs beside a page: its messages, its uploads, and the session that keeps a tree and its pages the same."""
