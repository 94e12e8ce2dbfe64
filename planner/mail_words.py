"""Words for setting mail up: ways of encrypting, and what was the matter with a test mail."""

from flask_babel import lazy_gettext as _l

ENCRYPTIONS = {
    "starttls": _l("STARTTLS: usual with port 587"),
    "tls": _l("TLS from the beginning: usual with port 465"),
    "none": _l("none: only for a mail server on this computer"),
}
MAIL_TROUBLES = {
    "no_name": _l("No computer has this name. Please check how the server is written."),
    "shut": _l("At this address no mail server listens on this port. Please check server and port."),
    "silent": _l(
        "Nobody answers there in time. Please check server, port and encryption; perhaps a firewall is between."
    ),
    "no_server": _l(
        "What answers there takes no mail now, or is no mail server. Please check server and port, or try later."
    ),
    "not_encrypted": _l(
        "The server does not encrypt in this way. Please try the other encryption, with the port that belongs to it."
    ),
    "certificate": _l(
        "The server's certificate is not valid for this name, so nothing was told it. Please check the name; if it is "
        "right, whoever runs that server must renew the certificate."
    ),
    "no_login": _l(
        "This server asks for no user name in this way. Please leave user name and password empty, or encrypt."
    ),
    "wants_login": _l("The server wants a user name and a password. Please type both."),
    "login": _l("The server refuses the sign-in. Please check user name and password."),
    "sender": _l("The server sends nothing from this sender's address. Please take one that belongs to the user name."),
    "recipient": _l(
        "The server takes no mail for your address. Perhaps it wants a user name first, or your address is wrong."
    ),
    "text": _l("The server has refused the mail itself."),
    "cut": _l("The line broke before the mail was handed over. Please try again, perhaps with another encryption."),
}
"""What was the matter with a test mail, by `post.Trouble`, and what to look after."""
