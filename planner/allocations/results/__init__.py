"""What a stored result says, and whether everybody may see it."""
