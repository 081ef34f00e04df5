"""Messages: what residents are told, and how it reaches them."""

from palier.messages import actions, screens
from palier.messages.rules import Settings
from palier.messages.sending import send_messages
from palier.plugins import Manifest
from palier.rhythm import Every, Job
from palier.text import _

manifest = Manifest(
    name="messages",
    label=_("Messages"),
    summary=_(
        "What residents are told: by text message, e-mail, telephone, paper in the letterbox."
    ),
    icon="phone",
    screens=(screens.outbox, screens.runs),
    pages=(screens.call_list, screens.calling),
    panels=screens.panels,
    counts=(actions.REACHED,),
    settings=Settings,
    jobs=(Job("send", Every(1), send_messages),),
)
