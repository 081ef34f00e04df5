"""What is shown of providers."""

from palier.providers.actions import list_again, pause, strike_off
from palier.providers.models import Provider
from palier.screens.declared import Screen
from palier.text import _

providers = Screen(
    Provider,
    _("Providers"),
    columns=(Provider.name, Provider.legal_form, Provider.sse, Provider.phone, Provider.state),
    filters=(Provider.state, Provider.sse, Provider.legal_form),
    sort=Provider.name,
    sections={
        _("Provider"): (Provider.name, Provider.legal_form, Provider.sse, Provider.state),
        _("How to reach them"): (Provider.address, Provider.phone, Provider.email),
        _("Numbers"): (
            Provider.siret,
            Provider.rna,
            Provider.register_ref,
            Provider.vat_regime,
            Provider.iban,
        ),
    },
    form=(
        Provider.name,
        Provider.legal_form,
        Provider.sse,
        Provider.address,
        Provider.phone,
        Provider.email,
        Provider.siret,
        Provider.rna,
        Provider.register_ref,
        Provider.vat_regime,
        Provider.iban,
    ),
    acts=(pause, strike_off, list_again),
    icon="wrench",
)
