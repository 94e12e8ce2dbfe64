"""Turns an uploaded list into rows of text, in a process of its own: standard library and calamine, nothing of ours.

The modules name each other relatively, because that process knows this folder only: so it starts in a moment and holds
neither settings nor keys, whatever a hostile file does to it.
"""
