"""The solver's codes and facts in sentences for people."""
