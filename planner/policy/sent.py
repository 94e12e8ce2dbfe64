"""What a request may bring: texts of a form, and a file only in a field that takes one."""

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from planner.policy.table import FILES


class Sent(Request):
    """Whatever else comes, as a file where a text belongs or a body that is no form, is as if it were not sent.

    Here and not in the forms, for those that came with Flask-Security read the same request.
    """

    is_json = False

    def _load_form_data(self) -> None:
        super()._load_form_data()
        taken = FILES.get(self.endpoint or "", frozenset())
        sent = list(self.files.items(multi=True))
        for name, file in sent:
            if name not in taken:
                file.close()
        kept = [(name, file) for name, file in sent if name in taken]
        self.__dict__["files"] = ImmutableMultiDict(kept)
