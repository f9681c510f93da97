"""What both pages know of their call: the words that are alike, what is sent, how it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.browser.conftest import Enrol
from tests.support.meeting import in_the_room
from tests.support.people import MINUTE, Person
from tests.support.system import System, eventually, running_system

LENGTH_MIN = 50
TILES_KBPS = 600

SECONDS = 3
SOME_BPS = 100_000

BOTH_WAYS_BPS = """async (seconds) => {
  const passed = async () => {
    let [sent, received, at] = [0, 0, performance.now()];
    for (const peer of probe.open()) {
      (await peer.getStats()).forEach((r) => {
        if (r.type !== "candidate-pair" || !r.nominated) return;
        sent += r.bytesSent + 28 * r.packetsSent;
        received += r.bytesReceived + 28 * r.packetsReceived;
      });
    }
    return [sent, received, at];
  };
  const before = await passed();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await passed();
  return [0, 1].map((way) => ((after[way] - before[way]) * 8) / ((after[2] - before[2]) / 1000));
}"""

SOUND = """async () => {
  const preferred = ({ sdp }) => {
    const [kind] = /m=audio \\d+ \\S+ (\\d+)/.exec(sdp).slice(1);
    return new RegExp(`a=rtpmap:${kind} (\\\\w+)`).exec(sdp)[1];
  };
  const found = [];
  for (const peer of probe.open()) {
    const stats = await peer.getStats();
    const inbound = [...stats.values()].find((r) => r.type === "inbound-rtp" && r.kind === "audio");
    if (!inbound || inbound.totalSamplesReceived - inbound.concealedSamples < 48_000) continue;
    const said = [peer.currentLocalDescription, peer.currentRemoteDescription];
    found.push(preferred(said.find((each) => each.type === "answer")));
  }
  return found;
}"""
"""
As what sound was agreed on, by connections that a second of it has come by. The answer settles
that: an offer of a browser that can may well name what the other cannot.
"""

PLAIN_SOUND = """
const { setCodecPreferences: prefer } = RTCRtpTransceiver.prototype;
const capabilities = RTCRtpReceiver.getCapabilities.bind(RTCRtpReceiver);
RTCRtpReceiver.getCapabilities = (kind) => {
  const known = capabilities(kind);
  return { ...known, codecs: known.codecs.filter((codec) => codec.mimeType !== "audio/red") };
};
delete RTCRtpTransceiver.prototype.setCodecPreferences;
const describe = RTCPeerConnection.prototype.setLocalDescription;
RTCPeerConnection.prototype.setLocalDescription = function (...said) {
  for (const each of this.getTransceivers()) {
    if (each.receiver.track.kind === "audio") prefer.call(each, RTCRtpReceiver.getCapabilities("audio").codecs);
  }
  return describe.apply(this, said);
};
"""
"""A browser that knows nothing of sound sent twice, and lets no page choose how it is sent."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """An instance with the usual rules: direct where it can be."""
    async with running_system(tmp_path_factory.mktemp("call")) as system:
        yield system


@pytest.fixture(scope="module")
async def relaying(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """The same, but nobody may connect directly."""
    async with running_system(tmp_path_factory.mktemp("relayed"), direct="nobody") as system:
        yield system


async def figures(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = await person.page.evaluate("__alongside.figures()")
    return found


async def meet(system: System, one: Person, other: Person) -> None:
    start_ms, _ = await in_the_room(system, one, other, length_min=LENGTH_MIN)
    await system.move_to(start_ms + MINUTE)


async def the_same_words(one: Person, other: Person) -> None:
    """Both screens have them, and they are alike."""

    async def both_have_words() -> bool:
        return all([(await figures(each))["safety"] for each in (one, other)])

    await eventually(both_have_words)
    mine, theirs = [(await figures(each))["safety"] for each in (one, other)]
    assert mine == theirs
    assert len(set(mine)) > 1


async def sound_comes(*people: Person, by: str) -> None:
    """Each hears the partner, by this codec, whoever made the offer."""
    for person in people:

        async def heard(person: Person = person) -> bool:
            return bool(await person.page.evaluate(SOUND) == [by])

        await eventually(heard)


async def it_costs_what_it_may(*people: Person) -> None:
    """Both ways, at the beginning of a call, when all of a picture is new."""
    measured = [each.page.evaluate(BOTH_WAYS_BPS, SECONDS) for each in people]
    for ways in await asyncio.gather(*measured):
        assert SOME_BPS < min(ways) <= max(ways) < TILES_KBPS * 1_000, ways


async def test_both_screens_know_the_same_four_words_and_the_call_costs_what_it_may(
    system: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana"), await enrol("Ben")
    await meet(system, ana, ben)
    await the_same_words(ana, ben)
    one = await figures(ana)
    assert one["path"] == "direct"
    assert not one["silent"]
    assert one["silences"] == 0
    await it_costs_what_it_may(ana, ben)
    await sound_comes(ana, ben, by="red")


async def test_there_are_no_such_words_where_the_relay_ends_the_encryption(
    relaying: System, enrol: Enrol
) -> None:
    ana, ben = await enrol("Ana", relaying), await enrol("Ben", relaying)
    await meet(relaying, ana, ben)
    found = await figures(ana)
    assert found["path"] == "relay"
    assert found["safety"] is None
    assert found["first_frame_ms"] > 0
    await it_costs_what_it_may(ana, ben)
    await sound_comes(ana, ben, by="red")


async def test_a_private_session_is_carried_by_a_worker_that_cannot_see_into_it(
    relaying: System, enrol: Enrol
) -> None:
    pia, ben = await enrol("Pia", relaying), await enrol("Ben", relaying)
    await pia.sign_in_quickly()
    await pia.call("PATCH", "/me", {"private_calls": True})
    await meet(relaying, pia, ben)
    assert (await figures(pia))["path"] == "relay"
    await the_same_words(pia, ben)
    await it_costs_what_it_may(pia, ben)
    await sound_comes(pia, ben, by="red")
    # Packets of kinds that nobody negotiated would be dropped.
    assert not {
        name: n
        for name, n in (await relaying.sfu.metrics()).items()
        if name.startswith("cw_sfu_dropped_packets_total") and "ssrc" in name and n > 0
    }


async def test_a_browser_that_cannot_send_sound_twice_is_heard_all_the_same(
    relaying: System, enrol: Enrol
) -> None:
    ana, old = await enrol("Ana", relaying), await enrol("Otto", relaying)
    await old.page.add_init_script(PLAIN_SOUND)
    await meet(relaying, ana, old)
    await sound_comes(ana, old, by="opus")
