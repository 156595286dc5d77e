"""Other projects' test suites, run against a kernel."""
