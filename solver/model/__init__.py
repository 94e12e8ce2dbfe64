"""The joint CP-SAT model: variables, one small function per rule, one expression per goal."""
