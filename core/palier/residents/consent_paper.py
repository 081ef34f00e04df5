"""The paper on which someone agrees: for what, that saying no costs nothing, how to take it back."""

from collections.abc import Iterator

from palier.context import Context
from palier.residents.consents import needs_parent
from palier.residents.models import PROOF, Consent, Purpose
from palier.residents.signing import ToSign
from palier.sites.models import Operator
from palier.text import Text, _

SAYS = {
    Purpose.CALL_IF_NOT_SEEN: _("%(site)s may call me when I was not seen for some time."),
    Purpose.PASS_TO_PROVIDER: _(
        "%(site)s may give my name and my telephone number to a provider whom I ask for."
    ),
    Purpose.PICTURES: _("%(site)s may take pictures on which I can be seen, and show them."),
}


def paper_of(desk: Context, consent: Consent) -> ToSign:
    """Return what the paper says; under 15 a parent signs as well."""
    signers = [_("Resident")]
    if needs_parent(consent.resident, desk.today):
        signers.append(_("A parent"))
    facts = [
        (_("Resident"), str(consent.resident)),
        (_("Date"), consent.given_on),
        (_("Ends on"), consent.ends_on),
    ]
    return ToSign(_("I agree"), consent, facts, list(_terms(desk, consent)), signers)


def _terms(desk: Context, consent: Consent) -> Iterator[Text]:
    yield SAYS[consent.purpose].fill(site=desk.site.name)
    yield _(
        "I am free to say no: every service stays open to me. I can take this back on any day, at"
        " the desk, by telephone or in writing."
    )
    yield _(
        "This paper is kept for %(years)s years after it has ended, as a proof, and then destroyed."
    ).fill(years=PROOF.months // 12)
    operator = desk.session.get_one(Operator, desk.site.operator_id)
    yield _("%(operator)s answers for it.").fill(operator=operator.legal_name)
