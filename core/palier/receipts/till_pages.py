"""What is shown of a till itself: its counts and what moved in between."""

from palier.receipts.models import CashMove, TillSession
from palier.receipts.till_acts import close_till, move_cash, open_till
from palier.screens.declared import Screen
from palier.text import _

sessions = Screen(
    TillSession,
    _("Till counts"),
    columns=(
        TillSession.opened_at,
        TillSession.opened_by,
        TillSession.float_cents,
        TillSession.closed_at,
        TillSession.expected_cents,
        TillSession.counted_cents,
        TillSession.difference_cents,
        TillSession.reason,
    ),
    filters=(TillSession.opened_on, TillSession.reason),
    newest_first=TillSession.opened_at,
    totals=(TillSession.difference_cents,),
    sections={
        _("Opening"): (
            TillSession.opened_at,
            TillSession.opened_by,
            TillSession.float_cents,
            TillSession.before_cents,
            TillSession.float_reason,
        ),
        _("Count"): (
            TillSession.closed_at,
            TillSession.closed_by,
            TillSession.expected_cents,
            TillSession.counted_cents,
            TillSession.difference_cents,
            TillSession.reason,
            TillSession.left_cents,
        ),
    },
    acts=(open_till, close_till, move_cash),
    icon="coins",
    help=_("A drawer from its float to its count. A difference is explained, never turnover."),
)

moves = Screen(
    CashMove,
    _("Cash in and out"),
    columns=(
        CashMove.at,
        CashMove.reason,
        CashMove.cents,
        CashMove.number,
        CashMove.person_code,
        CashMove.till_session,
    ),
    filters=(CashMove.reason, CashMove.at),
    newest_first=CashMove.at,
    totals=(CashMove.cents,),
    menu=False,
    icon="coins",
)
