"""Help texts of arguments that several verbs share; a verb that gives its own text keeps it."""

import argparse

MEANINGS = {
    "--as": "user name of the person who acts; rights and the record go by it",
    "--site": "code of the site",
    "--page": "number of the page inside its site",
    "--column": "slug of the column",
    "--reason": "the reason, kept on record",
    "--opinion": "the opinion, kept on record and shown to those concerned",
    "--note": "a note for whoever reads it next",
    "--kind": "kind, by its code",
    "--level": "level of the site: province, city, county …",
    "--name": "name as people read it",
    "--out": "file to write",
    "--all": "every site",
    "--since": "first day, YYYY-MM-DD",
    "--until": "last day, YYYY-MM-DD",
    "--from": "first day, YYYY-MM-DD",
    "--vocabulary": "code of the vocabulary (subject without it)",
    "--port": "port to listen on",
    "--workers": "number of web processes",
    "uuid": "UUID of the resource",
    "username": "user name of the account",
    "role": "code of the role",
    "--approve": "approve the step",
    "--reject": "send back to the editor",
    "--confirm": "it was right",
    "--contest": "it was not right",
    "--withdraw": "it was not right: take the page down",
}


def explain(parser: argparse.ArgumentParser) -> None:
    """Give each argument of ``parser`` and of its sub-verbs that has no help text the shared one, if there is one."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in set(action.choices.values()):
                explain(below)
        elif not action.help:
            name = next((option for option in action.option_strings if option.startswith("--")), action.dest)
            action.help = MEANINGS.get(name)
