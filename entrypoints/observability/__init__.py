"""What an operator sees of a running process: its log lines, metrics and traces."""
