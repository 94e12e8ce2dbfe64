"""What pretix's interface tells of an event, as the rows of a list: whoever has a ticket, and her answers."""

from planner.imports.fetching import pages
from planner.imports.fetching.pages import Item, text
from planner.imports.fetching.refusals import Refused
from planner.imports.fetching.wire import Server

LEFT_OUT = ("downloads", "fees", "payments", "refunds", "positions.downloads", "positions.checkins", "positions.secret")
"""Of an order nobody here needs these."""
PRODUCTS, QUESTIONS = "items", "questions"
STATES = {"p": "paid", "n": "pending", "e": "canceled", "c": "canceled", "r": "canceled"}


def people(server: Server, language: str) -> list[Item]:
    """A row for each ticket that lets somebody in: no add-ons, no orders made for trying.

    No goods either, if the token may read what is one; else `server.hidden` has PRODUCTS afterwards.
    """
    path = server.event.path
    products = {text(each.get("id"), language): each for each in _if_allowed(server, PRODUCTS)}
    questions = {
        text(each.get("id"), language): text(each.get("question"), language) for each in _if_allowed(server, QUESTIONS)
    }
    query = "&".join(f"exclude={each}" for each in LEFT_OUT)
    rows = []
    for order in pages.of(server, f"{path}orders/", query):
        tickets = [] if order.get("testmode") is True else _tickets(order, products, language)
        for ticket in tickets:
            row = _row(order, ticket, language, alone=len(tickets) == 1)
            product = products.get(text(ticket.get("item"), language), {})
            row["Product"] = text(product.get("name"), language)
            rows.append({**_answers(ticket, questions, language), **row})
    return rows


def _if_allowed(server: Server, name: str) -> list[Item]:
    """Names of products and questions help, and a token that may only read orders will do."""
    try:
        return list(pages.of(server, f"{server.event.path}{name}/"))
    except Refused as refused:
        if refused.code not in {"token", "event"}:
            raise
        server.hidden.add(name)
        return []


def _tickets(order: Item, products: dict[str, Item], language: str) -> list[Item]:
    found = order.get("positions")
    lines = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [
        each
        for each in lines
        if each.get("addon_to") is None
        and each.get("canceled") is not True
        and products.get(text(each.get("item"), language), {}).get("admission") is not False
    ]


def _row(order: Item, ticket: Item, language: str, *, alone: bool) -> Item:
    """Whoever bought one ticket is taken for who comes, where no other name is given."""
    code, place = text(order.get("code"), language), ticket.get("positionid")
    bill = order.get("invoice_address")
    buyer: Item = bill if isinstance(bill, dict) and alone else {}
    return {
        "Order code": code if place == 1 else f"{code}-{text(place, language)}",
        "Attendee name": text(ticket.get("attendee_name"), language) or text(buyer.get("name"), language),
        "Attendee email": text(ticket.get("attendee_email"), language)
        or (text(order.get("email"), language) if alone else ""),
        "Company": text(ticket.get("company"), language) or text(buyer.get("company"), language),
        "Status": STATES.get(str(order.get("status")), text(order.get("status"), language)),
        "Locale": text(order.get("locale"), language).partition("-")[0],
    }


def _answers(ticket: Item, questions: dict[str, str], language: str) -> Item:
    found: Item = {}
    answers = ticket.get("answers")
    for each in answers if isinstance(answers, list) else []:
        if isinstance(each, dict):
            number = text(each.get("question"), language)
            asked = questions.get(number) or text(each.get("question_identifier"), language) or number
            found[asked[:200]] = text(each.get("answer"), language)
    return found
