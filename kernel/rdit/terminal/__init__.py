"""What a run looks like: one story of events, told to people by `view` and to programs by `json_lines`."""
