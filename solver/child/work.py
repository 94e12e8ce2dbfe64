"""What the child process does: read the problem, search, say why if nothing is possible, hand over."""

import json
import resource
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from solver.child.parent import end_with_parent, stand_back
from solver.problem import Problem, Settings, Solution, Status
from solver.problem.allowances import ALLOWED, Phase
from solver.problem.codec import plain, read

Target = Callable[[Connection, Any, str, str], None]


def packed(settings: Settings) -> str:
    return json.dumps(plain(settings))


def work(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """Everything that the child sends goes through one `Sender`: phases, progress, answers, the final answer."""
    end_with_parent()
    stand_back()
    from solver.child.sending import Sender
    from solver.search.routes import solve

    given = read(Settings, json.loads(settings))
    limit = given.memory_mb * 1024 * 1024
    # Address space, not resident memory: threads reserve a lot of it, so the cap is generous.
    resource.setrlimit(resource.RLIMIT_AS, (limit * 4, limit * 4))
    asked = threading.Event()
    threading.Thread(target=_relay, args=(stop, asked), daemon=True).start()
    question = Problem.unpacked(problem)
    sender = Sender(pipe)
    sender.phase(Phase.SEARCHING)
    answer = solve(question, given, sender.tell, asked, keep=sender.keep)
    if _is_asked_why(answer, asked.is_set()):
        sender.phase(Phase.DIAGNOSING)
        answer = why(question, answer)
    sender.phase(Phase.HANDING_OVER)
    sender.finish(answer.to_json())


def _is_asked_why(answer: Solution, stopped: bool) -> bool:
    """What is impossible is told with its reasons; where the time was too short, whether that may be the reason."""
    suspected = answer.status is Status.INFEASIBLE or answer.reason == "not_confirmed"
    return suspected or (answer.status is Status.UNKNOWN and not stopped)


def why(problem: Problem, answer: Solution) -> Solution:
    """The answer with the rules that conflict, where, and what would help.

    A short search that found nothing becomes *infeasible* where two programs agree that nothing is there.
    """
    from solver.questions.diagnosis import diagnose

    found = diagnose(problem, ALLOWED[Phase.DIAGNOSING])
    if answer.status is Status.UNKNOWN and not found.rules:
        return answer
    facts = {
        "rules": list(found.rules),
        "confirmed": found.confirmed,
        "parts": [plain(part) for part in found.parts[:10]],
        "relaxations": [plain(each) for each in found.relaxations],
    }
    impossible = Status.INFEASIBLE in (answer.status, found.status)
    status, reason = (Status.INFEASIBLE, "rules_conflict") if impossible else (answer.status, "not_confirmed")
    return replace(answer, status=status, reason=reason, facts={**answer.facts, **facts})


def _relay(stop: Any, asked: threading.Event) -> None:
    stop.wait()
    asked.set()
