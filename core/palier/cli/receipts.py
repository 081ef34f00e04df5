"""The journal: verify it, close a period."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from palier.cli.telling import command_errors, json_option, opened, plan_option, refuse, tell
from palier.receipts.checking import Checked, verify_site


@click.group()
def receipts() -> None:
    """The journal of the tills."""


@receipts.command()
@click.option("--site", default="", help="Only this site.")
@click.option(
    "--closings",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of closings kept outside the database.",
)
@json_option
@command_errors
def verify(site: str, closings: Path | None, as_json: bool) -> None:
    """Find every changed, missing, reordered or re-signed record.

    A cut that reaches back behind the last closing in the folder is found as well. Records cut
    off after the last closing leave no other trace: more can't be promised. A till that was closed
    and has no closing in the folder was not compared: that is no proof. A proof that fails is
    written into the site's journal.
    """
    from palier.receipts.events import note_failed_check
    from palier.sites.opening import all_sites

    rows, well, alone = [], True, []
    failed: list[tuple[str, Checked]] = []
    with opened() as house:
        slugs = [site] if site else [each["slug"] for each in all_sites(house.database)]
        root = closings or house.settings.closings
        for slug in slugs:
            folder = root / slug if (root / slug).is_dir() else root
            with house.at(slug, "palier receipts verify", write=False) as desk:
                for found in verify_site(desk.session, desk.signing_key, folder):
                    well = well and found.ok
                    alone += [] if found.compared else [f"{found.register} in {folder}"]
                    rows.append(_row(slug, found))
                    failed += [] if found.ok else [(slug, found)]
        for slug, found in failed:
            with house.at(slug, "palier receipts verify") as desk:
                note_failed_check(desk, found)
    tell(rows, as_json=as_json, empty="No till has a journal yet.")
    if not well:
        refuse("The journal was changed. Keep the database as it is and tell the operator.")
    if alone:
        refuse(f"Not compared with closings kept outside, there is none of {', '.join(alone)}.")


def _row(slug: str, found: Checked) -> dict[str, object]:
    verdict = found.verdict
    first = verdict.first
    troubles = [f"{what.value} at {seq}" for seq, what in found.beside]
    return {
        "site": slug,
        "register": found.register,
        "records": verdict.records,
        "well": found.ok and found.compared,
        "compared": found.compared,
        "first trouble": f"{first.reason.value} at {first.seq}" if first else "".join(troubles[:1]),
        "sure up to": verdict.sure_to_seq,
    }


@receipts.command()
@click.option("--site", required=True)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Today by default.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Close a whole month instead.")
@click.option("--year", type=int, help="Close a whole year instead.")
@plan_option
@json_option
@command_errors
def close(
    site: str,
    day: datetime | None,
    month: datetime | None,
    year: int | None,
    plan: bool,
    as_json: bool,
) -> None:
    """Close a day, a month or a year: its totals are signed and written outside too."""
    from palier.receipts.closings import close_day, close_month, close_year, keep_closings

    with opened() as house:
        with house.at(site, "palier receipts close") as desk:
            if year is not None:
                made = close_year(desk, year)
            elif month is not None:
                made = close_month(desk, month.year, month.month)
            else:
                on: date = day.date() if day else desk.today
                made = close_day(desk, on)
            if plan:
                desk.session.rollback()
        if not plan:
            with house.at(site, "palier receipts close", write=False) as desk:
                keep_closings(desk)
    rows = [_closing(each.body) for each in made]
    if as_json:
        tell(rows, as_json=True)
        return
    tell(rows, as_json=False)
    said = "would be written to" if plan else "written to"
    click.echo(f"{len(made)} closings {said} the journal and to {desk.closings}.")


def _closing(body: str) -> dict[str, object]:
    said = json.loads(body)
    names = "register", "period", "from", "to", "tickets", "total_cents"
    return {name: said[name] for name in (*names, "perpetual_cents", "perpetual_abs_cents")}


@receipts.command()
@click.option("--site", required=True)
@click.option("--year", type=int, required=True)
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="The folder it is put into."
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the keys that prove it here.",
)
@plan_option
@json_option
@command_errors
def archive(
    site: str, year: int, to: Path | None, keys: Path | None, plan: bool, as_json: bool
) -> None:
    """Write a year's journals into a folder that reads and verifies without Palier.

    Months and days that are missing are closed first. `--keys` is for another place than the
    archive: whoever has them can prove it, and could forge it.
    """
    from palier.jobs.running import Run
    from palier.receipts.archives import making

    with opened() as house:
        target = to or house.settings.archives
        if plan:
            with house.at(site, "palier receipts archive") as desk:
                rows = making.plan_archive(desk, year, target)
                desk.session.rollback()
            tell(rows, as_json=as_json)
            return
        turn = Run(house, site, "palier receipts archive")
        made = making.make_archive(turn, site, year, target, lambda _records: None)
        if keys is not None:
            making.write_keys(turn, year, keys)
    row = {"folder": str(made.folder), "records": made.records, "sha256": made.sha256}
    tell([row], as_json=as_json)
