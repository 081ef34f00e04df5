"""Vérifie l'archive annuelle d'une caisse. Proves the yearly archive of a till.

    python3 -I verify.py [--keys CLES.json] [DOSSIER]

Python 3.9 ou plus récent suffit : ni Palier, ni réseau, rien à installer. LISEZMOI.txt dit ce qui
est promis avec et sans les clés. Needs Python 3.9 or newer and nothing else; README.txt says what
is promised with and without the keys.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_PREV = "0" * 64
SHORTER = {"month": "day", "year": "month"}
LONGER = {"day": "month", "month": "year"}
NUMBER = re.compile(r"([A-Z0-9]+(?:-[A-Z0-9]+)*)-([0-9]{4})-([0-9]{6,})")
# What is found is named by register, sequence number and one of these words.
FOUND = {
    "missing_file": ("le fichier manque", "the file is missing"),
    "extra_file": ("ce fichier n'est pas de l'archive", "this file is none of the archive"),
    "file": ("le fichier a été changé", "the file was changed"),
    "manifest": ("le manifeste n'est pas bien signé", "the manifest is not well signed"),
    "sequence_gap": ("un enregistrement manque ou n'est pas à sa place", "a record is missing"),
    "hash": ("la signature ne correspond pas", "the signature does not match"),
    "unknown_key": ("la clé de cet enregistrement manque", "the key of this record is missing"),
    "body": ("le texte signé est illisible ou dit autre chose", "the signed text says otherwise"),
    "number": ("le numéro n'est pas le suivant", "the number is not the next one"),
    "total": ("les sommes ne tombent pas juste", "the amounts do not add up"),
    "vat": ("la TVA ne tombe pas juste", "the VAT does not add up"),
    "perpetual": ("le total perpétuel ne tombe pas juste", "the perpetual total does not add up"),
    "closing": ("la clôture n'est pas la somme de ses tickets", "the closing is not their sum"),
    "end": ("la fin n'est pas celle du manifeste", "the end is not the one of the manifest"),
    "table": ("le tableau ne dit pas ce que dit le journal", "the table differs from the journal"),
}
TABLES = {
    "tickets.csv": "caisse;numero;seq;date;saisi_le;code_personne;total;du;perpetuel"
    ";perpetuel_absolu;annule",
    "lignes.csv": "caisse;numero;ligne;genre;libelle;quantite;unite;prix_unitaire;taux;total;vendeur",
    "tva.csv": "caisse;numero;taux;hors_taxe;tva",
    "paiements.csv": "caisse;numero;mode;montant",
    "evenements.csv": "caisse;seq;date;code;code_personne;details",
    "clotures.csv": "caisse;seq;date;periode;du_jour;au_jour;tickets;premier;dernier;total;perpetuel"
    ";perpetuel_absolu",
}
Json = dict[str, Any]


def canonical(body: Json) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Walk:
    """One walk along a register's journal; what is wrong is in `found`, as (seq, word)."""

    def __init__(self, register: str, start: Json, keys: dict[str, str] | None = None) -> None:
        self.register, self.keys = register, keys
        self.seq: int = start["seq"]
        self.mac: str = start["mac"]
        self.number: str = start["number"]
        self.book: int = start["book"]  # the next number of a paper book; 0: a till
        self.perpetual: list[int] = list(start["perpetual"])
        self.open: dict[str, Json] = {p: dict(start["open"][p]) for p in ("day", "month", "year")}
        self.found: list[tuple[int, str]] = []
        self.records = self.tickets = self.total_cents = 0

    def state(self) -> Json:
        """Where the walk stands, as the manifest keeps it."""
        return {
            "seq": self.seq,
            "mac": self.mac,
            "number": self.number,
            "book": self.book,
            "perpetual": list(self.perpetual),
            "open": json.loads(json.dumps(self.open)),
        }

    def take(self, record: Json) -> Json | None:
        """Look at the next record and return its body, None when it can't be read."""
        seq = record["seq"]
        self.link(record)
        self.seq, self.mac = seq, record["mac"]
        self.records += 1
        try:
            body: Json = json.loads(record["body"])
            said = [body[name] for name in ("seq", "kind", "register")]
            at, kept_at = (datetime.fromisoformat(each["at"]) for each in (body, record))
            signed = canonical(body) == record["body"] and at == kept_at
            if said != [seq, record["kind"], self.register] or not signed:
                self.found.append((seq, "body"))
            look = {"ticket": self.ticket, "closing": self.closing, "event": self.event}
            look[body["kind"]](body)
        except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
            self.found.append((seq, "body"))
            return None
        return body

    def link(self, record: Json) -> None:
        """Look at place and signature."""
        secret = self.keys.get(record["key_id"]) if self.keys is not None else None
        if record["seq"] != self.seq + 1:
            self.found.append((self.seq + 1, "sequence_gap"))
        elif record["prev"] != self.mac:
            self.found.append((record["seq"], "hash"))
        elif self.keys is not None and secret is None:
            self.found.append((record["seq"], "unknown_key"))
        elif secret is not None:
            text = f"{record['prev']}\n{record['body']}".encode("utf-8", "surrogatepass")
            if hmac.new(bytes.fromhex(secret), text, "sha256").hexdigest() != record["mac"]:
                self.found.append((record["seq"], "hash"))

    def ticket(self, body: Json) -> None:
        """Look at a ticket's number and sums, and count it."""
        seq, total = body["seq"], body["total_cents"]
        self.numbered(seq, body["number"])
        sold = [each for each in body["lines"] if each.get("kind", "sale") == "sale"]
        due = sum(each["total_cents"] for each in body["lines"])
        paid = sum(each["cents"] for each in body["payments"])
        if sum(each["total_cents"] for each in sold) != total or due != paid:
            self.found.append((seq, "total"))
        if list(vat_of(sold)) != body["vat"]:
            self.found.append((seq, "vat"))
        self.perpetual = [self.perpetual[0] + total, self.perpetual[1] + abs(total)]
        self.still(body)
        self.tickets, self.total_cents = self.tickets + 1, self.total_cents + total
        vat = {each["rate"]: [each["ht_cents"], each["vat_cents"]] for each in body["vat"]}
        one = {"tickets": 1, "total_cents": total, "vat": vat}
        mark = [seq, body["number"]]
        day = self.open["day"].setdefault(body["at"][:10], nothing())
        add(day, {**one, "first": mark, "last": mark})

    def event(self, body: Json) -> None:
        """Count the numbers of a paper book: where it begins, and what nobody got."""
        if body["code"] == "booklet_opened":
            self.book = body["first"]
        if body["code"] == "paper_unused":
            self.numbered(body["seq"], body["number"])

    def numbered(self, seq: int, number: str) -> None:
        """Look whether a number is the next of its year."""
        before, now = NUMBER.fullmatch(self.number or ""), NUMBER.fullmatch(number)
        if now is None or now[1] != self.register:
            self.found.append((seq, "number"))
            return
        year, count = (before[2], int(before[3])) if before else ("", 0)
        wanted = self.book or (count + 1 if year == now[2] else 1)
        if int(now[3]) != wanted or year > now[2]:
            self.found.append((seq, "number"))
        self.book = self.book and int(now[3]) + 1
        self.number = number

    def closing(self, body: Json) -> None:
        """Look whether a closing is the sum of what it closes."""
        self.still(body)
        period, to = body["period"], body["to"]
        ready, due = self.ready(period, to), self.close(period, to)
        said = {each["rate"]: [each["ht_cents"], each["vat_cents"]] for each in body["vat"]}
        ends = [due[name] and due[name][1] for name in ("first", "last")]
        mine = [due["tickets"], due["total_cents"], due["vat"], *ends]
        theirs = [body["tickets"], body["total_cents"], said]
        if not ready or mine != [*theirs, body["first_ticket"], body["last_ticket"]]:
            self.found.append((body["seq"], "closing"))

    def ready(self, period: str, to: str) -> bool:
        """Whether every shorter period is closed."""
        shorter = SHORTER.get(period)
        if shorter is None:
            return True
        return self.ready(shorter, to) and all(day > to for day in self.open[shorter])

    def close(self, period: str, to: str) -> Json:
        """Close what is open up to a day, hand it on, and return it."""
        due = nothing()
        for day in [each for each in self.open[period] if each <= to]:
            add(due, self.open[period].pop(day))
        if due["tickets"] and period in LONGER:
            add(self.open[LONGER[period]].setdefault(to, nothing()), due)
        return due

    def still(self, body: Json) -> None:
        """Look whether both perpetual totals go on."""
        said = [body["perpetual_cents"], body["perpetual_abs_cents"]]
        if said != self.perpetual:
            self.found.append((body["seq"], "perpetual"))
            self.perpetual = said


def fresh() -> Json:
    """Where a register's very first walk begins."""
    periods: Json = {"day": {}, "month": {}, "year": {}}
    return {
        "seq": 0,
        "mac": FIRST_PREV,
        "number": "",
        "book": 0,
        "perpetual": [0, 0],
        "open": periods,
    }


def nothing() -> Json:
    return {"tickets": 0, "total_cents": 0, "first": None, "last": None, "vat": {}}


def add(had: Json, more: Json) -> None:
    """Take in the totals of other tickets."""
    had["tickets"] += more["tickets"]
    had["total_cents"] += more["total_cents"]
    for name, choose in (("first", min), ("last", max)):
        marks = [each for each in (had[name], more[name]) if each]
        had[name] = choose(marks) if marks else None
    for rate, (without, vat) in more["vat"].items():
        before = had["vat"].get(rate, [0, 0])
        had["vat"][rate] = [before[0] + without, before[1] + vat]


def vat_of(lines: list[Json]) -> Iterator[Json]:
    """The VAT of a ticket, once per rate: without VAT rounded half up, VAT the rest."""
    sums: dict[Decimal, int] = {}
    for each in lines:
        if each["rate"] is not None:
            rate = Decimal(each["rate"])
            sums[rate] = sums.get(rate, 0) + each["total_cents"]
    for rate in sorted(sums, reverse=True):
        share, of = rate.as_integer_ratio()
        above, below = abs(sums[rate]) * 100 * of, 100 * of + share
        without = (2 * above + below) // (2 * below) * (-1 if sums[rate] < 0 else 1)
        text = f"{rate:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        yield {"rate": text, "ht_cents": without, "vat_cents": sums[rate] - without}


class Tables:
    """The tables that people read, made from the signed texts alone."""

    def __init__(self) -> None:
        self.text = {name: io.StringIO() for name in TABLES}
        for name, heading in TABLES.items():
            self.row(name, *heading.split(";"))

    def row(self, name: str, *values: object) -> None:
        """Add a row to a table; a text that a spreadsheet would run is made harmless."""
        risky = ("=", "+", "@", "\t", "\r")
        safe = [f"'{each}" if str(each).startswith(risky) else each for each in values]
        csv.writer(self.text[name], delimiter=";", lineterminator="\r\n").writerow(safe)

    def bytes(self, name: str) -> bytes:
        """A table as a file: UTF-8 with its mark, semicolons between, as France reads it."""
        return self.text[name].getvalue().encode("utf-8-sig", "surrogatepass")

    def take(self, body: Json) -> None:
        """Add a record's rows."""
        {"ticket": self.ticket, "event": self.event, "closing": self.closing}[body["kind"]](body)

    def ticket(self, body: Json) -> None:
        """Add a ticket, its lines, its VAT and its payments."""
        one = [body["register"], body["number"]]
        due = sum(each["total_cents"] for each in body["lines"])
        perpetual = (body["perpetual_cents"], body["perpetual_abs_cents"])
        sums = [euros(each) for each in (body["total_cents"], due, *perpetual)]
        about = [*one, body["seq"], body["at"], body.get("recorded_at", ""), body["operator"]]
        self.row("tickets.csv", *about, *sums, body.get("refund_of", ""))
        for place, each in enumerate(body["lines"], start=1):
            what = [each.get("kind", "sale"), each["label"], each["qty"], each["unit"]]
            cost = [euros(each["unit_price_cents"]), each["rate"], euros(each["total_cents"])]
            self.row("lignes.csv", *one, place, *what, *cost, each.get("provider", ""))
        for each in body["vat"]:
            parts = [euros(each["ht_cents"]), euros(each["vat_cents"])]
            self.row("tva.csv", *one, each["rate"], *parts)
        for each in body["payments"]:
            self.row("paiements.csv", *one, each["mode"], euros(each["cents"]))

    def event(self, body: Json) -> None:
        """Add an event."""
        more = sorted(body.keys() - {"seq", "kind", "register", "at", "code", "operator"})
        about = [body[name] for name in ("register", "seq", "at", "code", "operator")]
        self.row("evenements.csv", *about, " ".join(f"{name}={body[name]}" for name in more))

    def closing(self, body: Json) -> None:
        """Add a closing."""
        names = ("register", "seq", "at", "period", "from", "to", "tickets")
        ends = [body["first_ticket"] or "", body["last_ticket"] or ""]
        sums = [body[name] for name in ("total_cents", "perpetual_cents", "perpetual_abs_cents")]
        about = [body[name] for name in names]
        self.row("clotures.csv", *about, *ends, *map(euros, sums))


def euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_files(folder: Path, manifest: Json) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the files themselves."""
    found = (each for each in folder.rglob("*") if each.is_file())
    here = {each.relative_to(folder).as_posix() for each in found}
    here -= {"manifest.json", "manifest.hmac"}
    for name in sorted(here | manifest["files"].keys()):
        if name not in here:
            yield name, "-", "missing_file"
        elif name not in manifest["files"]:
            yield name, "-", "extra_file"
        elif sha256(folder / name) != manifest["files"][name]:
            yield name, "-", "file"


def check_manifest(folder: Path, keys: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the manifest's signature."""
    try:
        signed = json.loads((folder / "manifest.hmac").read_text("utf-8"))
        secret = bytes.fromhex(keys[signed["key_id"]])
        good = hmac.new(secret, (folder / "manifest.json").read_bytes(), "sha256").hexdigest()
    except (OSError, KeyError, TypeError, ValueError):
        yield "manifest.hmac", "-", "manifest"
        return
    if good != signed["mac"]:
        yield "manifest.json", "-", "manifest"


def check_journals(
    folder: Path, manifest: Json, keys: dict[str, str] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the records, and with the tables made from them."""
    tables = Tables()
    for told in manifest["registers"]:
        walk = Walk(told["register"], told["start"], keys)
        path = folder / told["file"]
        with path.open("rb") as lines:
            for line in lines:
                body = walk.take(json.loads(line))
                if body is not None:
                    tables.take(body)
        yield from ((walk.register, str(seq), word) for seq, word in walk.found)
        if walk.state() != told["end"] or walk.records != told["records"]:
            yield walk.register, str(walk.seq + 1), "end"
    for name in TABLES:
        if (folder / name).exists() and (folder / name).read_bytes() != tables.bytes(name):
            yield name, "-", "table"


def check(folder: Path, keys: dict[str, str] | None) -> Iterator[tuple[str, str, str]]:
    """Yield everything that is wrong with an archive, as (place, number, word)."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    if keys is not None:
        yield from check_manifest(folder, keys)
    yield from check_files(folder, manifest)
    yield from check_journals(folder, manifest, keys)


def main(arguments: list[str]) -> int:
    """Verify a folder, this file's own unless one is named, and say what was found."""
    keys: dict[str, str] | None = None
    if arguments[:1] == ["--keys"] and len(arguments) > 1:
        keys = json.loads(Path(arguments[1]).read_text("utf-8"))
        arguments = arguments[2:]
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    count = 0
    try:
        for place, number, word in check(folder, keys):
            count += 1
            french, english = FOUND[word]
            print(f"{place} {number} {word}: {french} / {english}")
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        print(f"Archive illisible / the archive can't be read: {error!r}")
        return 1
    print(closing_words(count, with_keys=keys is not None))
    return 1 if count else 0


def closing_words(count: int, *, with_keys: bool) -> str:
    """Say what was found, and what can't be promised."""
    if count:
        return f"{count} constat(s). Cette archive a été changée. / This archive was changed."
    if with_keys:
        return "Rien à signaler, signatures comprises. / Nothing found, signatures included."
    return (
        "Rien à signaler : empreintes, numéros, sommes. Sans les clés, une archive refaite en entier"
        " ne se voit pas. / Nothing found; without the keys an archive made anew can't be told."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
