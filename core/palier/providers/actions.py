"""What a manager does with providers: one function, one transaction."""

from palier.acts import act
from palier.context import Context, Role
from palier.providers import rules
from palier.providers.models import Provider, ProviderState
from palier.text import _


@act(_("Pause"), when=rules.is_listed, least=Role.MANAGER)
def pause(desk: Context, provider: Provider) -> None:
    """Give them no new work for now; what is with them goes on."""
    provider.state = ProviderState.PAUSED


@act(_("Strike off"), when=rules.is_not_struck_off, least=Role.MANAGER)
def strike_off(desk: Context, provider: Provider) -> None:
    """Give them no work any more; what was done stays."""
    provider.state = ProviderState.STRUCK_OFF


@act(_("List again"), when=rules.is_not_listed, least=Role.MANAGER)
def list_again(desk: Context, provider: Provider) -> None:
    """Work may be given to them again."""
    provider.state = ProviderState.LISTED
