"""Messages: try the ways out, note what came back."""

import sys

import click

from palier.cli.telling import command_errors, opened, refuse


@click.group()
def messages() -> None:
    """E-mail and text messages."""


@messages.command()
@click.option("--to", required=True, help="A telephone number or an e-mail address.")
@click.option("--site", help="Sign with this site's name, and let answers go where it says.")
@command_errors
def test(to: str, site: str | None) -> None:
    """Send a few words by what the settings name, and say what came of it."""
    from palier.messages.trying import Signed, send_test, signed_by

    with opened() as house:
        signed = Signed()
        if site:
            with house.at(site, "palier messages test", write=False) as desk:
                signed = signed_by(desk)
        sent, words = send_test(house.settings, to, signed)
    if not sent:
        refuse(str(words))
    click.echo(str(words))


@messages.command()
@click.argument("address", required=False)
@click.option("--site", required=True)
@command_errors
def bounced(address: str | None, site: str) -> None:
    """Note that mail to an address came back; without one, read the returned mail from the input.

    What went there during the last week goes on by the next way.
    """
    from palier.messages.bouncing import addresses_in, all_came_back

    addresses = [address] if address else addresses_in(sys.stdin.buffer.read())
    with opened() as house, house.at(site, "palier messages bounced") as desk:
        count = all_came_back(desk, addresses)
    click.echo(f"{', '.join(addresses)}: noted. Messages that go another way: {count}.")
