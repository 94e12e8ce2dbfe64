"""Looks for the best allocation: which way fits the problem, what is kept, when it ends."""
