"""Every sentence that people read has its French, and no plugin says another's in its own way."""

from collections.abc import Iterator

from palier.starting.translating import Package, clashes, faults, package_at, read_only
from palier.testing.contract.outcome import unless
from palier.testing.contract.stage import Stage, core_folder


def check_words(stage: Stage) -> None:
    """Each sentence has its French, with the same %(placeholders)s, and nothing is left over."""
    own, core = package_at(stage.folder), read_only(core_folder())
    unless(
        faults(own, core),
        f"palier plugin words {stage.name} writes what is missing into the .po: fill it in there.",
    )
    unless(
        _other_french(stage, own, core),
        "One sentence has one French: all catalogues are one. Use the words that are there.",
    )


def _other_french(stage: Stage, own: Package, core: Package) -> Iterator[str]:
    folders = (each.folder for each in stage.registry.services() if each.name != stage.name)
    others = [read_only(each) for each in folders if each is not None]
    mine = own.catalogue.name
    yield from (each for each in clashes([core, *others, own]) if each.startswith(f"{mine}:"))
