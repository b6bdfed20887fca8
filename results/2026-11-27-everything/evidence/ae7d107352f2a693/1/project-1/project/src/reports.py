"""A deck for a task that returns a page of HTML."""

import functools

from flytekit import Deck


def deck(function):
    @functools.wraps(function)
    def with_deck(*args, **kwargs):
        page = function(*args, **kwargs)
        Deck(function.__name__, page)
        return page

    return with_deck
