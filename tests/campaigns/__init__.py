"""Long campaigns; two proofs that contradict each other end a run here."""

import os

os.environ.setdefault("STUHLKREIS_STRICT", "1")
