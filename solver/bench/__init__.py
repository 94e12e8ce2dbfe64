"""Seeded instances to measure on: the same words and seed give the same instance everywhere."""
