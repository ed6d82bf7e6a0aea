"""Cases of which some are in the quick loop, and all in the whole run."""

import pytest


def sampled(cases, every):
    """Return cases for `pytest.mark.parametrize`: the first of each `every` of them as it is, the others marked slow."""
    return [
        case if number % every == 0 else pytest.param(case, marks=pytest.mark.slow) for number, case in enumerate(cases)
    ]
