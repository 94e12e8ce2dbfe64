"""Faults of machines and programs, one module each (FLT and CON of the promises): `python -m tests.faults`."""
