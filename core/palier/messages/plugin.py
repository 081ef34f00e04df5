"""Messages: what residents are told, and how it reaches them."""

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
    jobs=(Job("send", Every(1), send_messages),),
)
