"""The exposure as a page for people: one HTML file that loads nothing, searches, filters and answers questions.

    Path("exposure.html").write_text(html(expose(deployment), deployment.rules))

The same input gives the same bytes. Everything stands in the HTML (`page.html` and `fleet.html`, in `frame.html`); the
script (`reach.js` judges, `common.js` and `page.js` show) only adds the search and "can X reach Y?". The content
security policy names the hashes of the one style and the one script, so that nothing else runs or loads, whatever a
configuration holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....deployment.audiences import AudiencePeers
from ....model.rules import RuleSet
from ..exposure import Exposure
from .fleet import fleet_html
from .headline import by_severity, contents, headline
from .template import LONGEST, closed_of, known_of, page, source

__all__ = ["LONGEST", "fleet_html", "html", "source"]


def html(exposed: Exposure, rules: RuleSet, audiences: Iterable[AudiencePeers] = ()) -> str:
    """The page.

    Args:
        exposed: what the page shows.
        rules: what "can X reach Y?" is judged by: all rules of the deployment.
        audiences: whom a question about an audience means.

    Returns:
        An HTML document of ASCII characters, the same in whatever encoding it is written.
    """
    closed = closed_of(exposed)
    return page(
        "page.html",
        ("reach.js", "common.js", "page.js"),
        known_of(exposed, rules, closed, audiences),
        title="Who can reach what",
        skip_to="reached",
        subject=exposed.origin.subject,
        made=exposed.origin.line,
        headline=headline(exposed),
        contents=contents(exposed),
        exposed=exposed,
        closed=closed,
        findings=by_severity(exposed.findings),
    )
