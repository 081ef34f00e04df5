"""Messages: what residents are told, and how it reaches them."""

from datetime import time

from palier.messages import actions, screens
from palier.messages.ending import remind_of_memberships
from palier.messages.rules import Settings
from palier.messages.sending import send_messages
from palier.messages.unseen import look_after, take_off_the_list
from palier.plugins import Manifest
from palier.residents.seen import follow_those_seen
from palier.rhythm import At, Every, Job
from palier.screens.declared import Extend
from palier.text import _

manifest = Manifest(
    name="messages",
    label=_("Messages"),
    summary=_(
        "What residents are told: by text message, e-mail, telephone, paper in the letterbox."
    ),
    icon="phone",
    screens=(screens.outbox, screens.runs),
    pages=(screens.call_list, screens.calling, screens.papers),
    panels=screens.panels,
    counts=(actions.REACHED,),
    settings=Settings,
    extends=(Extend("residents/resident", acts=(actions.mail_came_back,)),),
    jobs=(
        Job("send", Every(1), send_messages),
        Job("look_after", At(time(8)), look_after),
        Job("memberships", At(time(9)), remind_of_memberships),
    ),
)

follow_those_seen(take_off_the_list)
