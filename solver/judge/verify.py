"""The judge before every stored allocation: which rules are broken, and which breaches were agreed to."""

from solver.judge.checks import CHECKS
from solver.judge.facts import Facts
from solver.judge.seats import references_exist
from solver.problem import Problem, Solution, Violation


def verify(problem: Problem, solution: Solution) -> list[Violation]:
    """Every rule that the solution breaks, agreed exceptions aside; empty means valid.

    References that lead nowhere are reported alone: nothing can be counted with them.
    """
    return [broken for broken in breaches(problem, solution) if not agreed(problem, broken)]


def exceptions(problem: Problem, solution: Solution) -> list[Violation]:
    """The breaches of flexible rules: what the organiser agreed to, each with its amount."""
    return [broken for broken in breaches(problem, solution) if agreed(problem, broken)]


def agreed(problem: Problem, broken: Violation) -> bool:
    return broken.amount > 0 and broken.rule in problem.flexible


def breaches(problem: Problem, solution: Solution) -> list[Violation]:
    facts = Facts(problem, solution)
    lost = list(references_exist(facts))
    return lost or [violation for check in CHECKS for violation in check(facts)]
