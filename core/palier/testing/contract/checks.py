"""The contract: every check, in the order in which they are of use."""

from functools import partial

from palier.testing.contract.built import check_wheel
from palier.testing.contract.declared import (
    check_imports,
    check_manifest,
    check_order,
    check_personal_data,
    check_tables,
)
from palier.testing.contract.living import (
    check_demo,
    check_hooks,
    check_lists,
    check_off,
    check_pages,
    check_switch,
)
from palier.testing.contract.migrated import (
    POSTGRESQL,
    SQLITE,
    check_migrations,
    check_purge,
)
from palier.testing.contract.open_to_all import check_public
from palier.testing.contract.outcome import Check
from palier.testing.contract.seen import check_keyboard, check_seen
from palier.testing.contract.worded import check_words

CHECKS = (
    Check("manifest", check_manifest),
    Check("imports", check_imports),
    Check("tables", check_tables),
    Check("personal data", check_personal_data),
    Check("words", check_words),
    Check("order of lists", check_order),
    Check("migrations, SQLite", partial(check_migrations, kind=SQLITE)),
    Check("migrations, PostgreSQL", partial(check_migrations, kind=POSTGRESQL)),
    Check("install and purge, SQLite", partial(check_purge, kind=SQLITE)),
    Check("install and purge, PostgreSQL", partial(check_purge, kind=POSTGRESQL)),
    Check("demonstration", check_demo),
    Check("pages", check_pages),
    Check("public page", check_public),
    Check("off means off", check_off),
    Check("on, off, on", check_switch),
    Check("hooks", check_hooks),
    Check("lists", check_lists),
    Check("wheel", check_wheel),
    Check("seen by all", check_seen, in_browser=True),
    Check("by keyboard", check_keyboard, in_browser=True),
)
