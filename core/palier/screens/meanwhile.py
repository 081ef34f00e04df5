"""What another desk did meanwhile: who was faster, and both values of what two people changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from palier.context import Context
from palier.db.records import SiteRecord
from palier.errors import Refused
from palier.reading import value_of
from palier.screens.catalogue import Catalogue, Paths
from palier.screens.declared import Screen
from palier.screens.drawing import Drawing
from palier.screens.forms import asked_by_form, of_record, record_form
from palier.screens.record import names_of_acts
from palier.screens.views import ConflictView
from palier.text import Text, _, show
from palier.trail import ActRow
from palier.web.asked import Answer, Request, new_key


def who_was_faster(
    desk: Context, catalogue: Catalogue, refusal: Refused | None, record: SiteRecord | None
) -> Text | None:
    """Return the last thing done to the record, where that is why an act was refused."""
    if refusal is None or record is None or not refusal.overtaken:
        return None
    return last_done(desk, catalogue, record, since=refusal.values.get("since"))


def last_done(
    desk: Context, catalogue: Catalogue, record: SiteRecord, *, since: object = None
) -> Text | None:
    """Say the last thing done to a record, since that moment: what, by whom. One statement."""
    same = ActRow.subject_type == record.path, ActRow.subject_id == record.id
    query = select(ActRow).where(*same).order_by(ActRow.id.desc()).limit(1)
    row = desk.session.scalars(query).first()
    if row is None or (isinstance(since, datetime) and row.at < since):
        return None
    label = names_of_acts(catalogue).get(row.name, Text(row.name))
    words = _("Done by %(who)s, %(when)s: %(act)s.")
    return words.fill(who=row.who, when=row.at, act=label)


def conflict_page(
    drawing: Drawing,
    desk: Context,
    request: Request,
    screen: Screen[Any],
    record: SiteRecord,
    hidden: dict[str, str],
) -> Answer:
    """Show both values of each field that differs, who was faster, and the form to go on from."""
    asked = asked_by_form(screen)
    stored = of_record(asked, record)
    rows = []
    for each in asked:
        typed = request.form.get(each.name, "")
        if typed != stored[each.name]:
            now = value_of(each).shown(getattr(record, each.name))
            rows.append((each.label, now, show(typed)))
    kept = {**hidden, "version": str(record.version), "key": new_key()}
    form = record_form(desk, screen, request.path, record=record, typed=request.form, hidden=kept)
    view = ConflictView(
        title=_("Someone changed this meanwhile"),
        record_href=Paths(desk.site.slug).record(screen, record.id),
        who_when=last_done(desk, drawing.catalogue, record) or "",
        rows=tuple(rows),
        form=form,
    )
    return drawing.page(desk, request, "palier/conflict.html", {"conflict": view}, status=409)
