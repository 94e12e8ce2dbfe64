"""The command line's half of the solver: files in, files and plain English sentences out."""
