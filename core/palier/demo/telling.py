"""What people were told by now: a few calls to make, papers to carry round."""

from datetime import datetime

from sqlalchemy import select

from palier.demo.roster import serving
from palier.demo.scene import Scene
from palier.messages.actions import print_papers
from palier.messages.telling import tell
from palier.residents.models import Channel, Resident
from palier.text import _

CALLS = 4
PAPERS = 5


def tell_some(scene: Scene, at: datetime) -> None:
    """Put four people on the call list and five papers into a print run."""
    desk = scene.desk
    desk.now = at
    open_day = _("The desk is closed on %(day)s for an outing.").fill(day=at.date())
    for channel, most in ((Channel.LETTER, PAPERS), (Channel.CALL, CALLS)):
        query = select(Resident).where(Resident.channel == channel).order_by(Resident.id)
        for place, each in enumerate(desk.all(query.limit(most))):
            tell(desk, each, open_day, kind="desk.closed", once="demo", asks=False)
            if channel is Channel.CALL and not place:
                words = _("A place is free at the sewing workshop. Does the person want it?")
                tell(desk, each, words, kind="desk.place", once="demo", asks=True)
    scene.does(serving(at), print_papers, None, at)
