"""The command line: arguments, exit codes, progress. Wires nothing; calls app."""
