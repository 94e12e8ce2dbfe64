"""Load campaigns: what the site bears, judged by a ledger of the loader's own. `python -m tests.load`."""
