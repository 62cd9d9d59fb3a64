"""A participant: a real LiveKit client that sends a tone and numbered data packets, and measures what it receives.

python client.py ws://203.0.113.1:7880 TOKEN [--relay] [--turn URL USERNAME CREDENTIAL]

--relay   uses TURN only, whatever else would work
--turn    uses this TURN server, in place of those that livekit-server tells of

It prints one JSON object a line:

{"event": "connected"}            or {"event": "failed", "why": "..."}, and then it ends with 1
{"event": "hears", "from": "bob"}                           tone and data of bob's have arrived
{"event": "report", "transports": ["udp"], "sent": 240, "heard": {"bob": {...}}}    for each line "report" on stdin
{"event": "disconnected", "why": "..."}                     the server is gone, or nothing gets through any more

and leaves when its stdin ends. A report is about the time since the report before:

transports   of each peer connection, the way that was chosen: "udp", "tcp", or by a relay "relay/udp", "relay/tls"
sent         data packets
heard        by participant: `packets` and `lost` of its audio (RTP), `concealed` milliseconds that had to be made up
             because nothing came in time, `frames` of 10 ms in which its tone was heard, `gap` the most milliseconds
             without it; `data` packets, how many of them were `missing` or came `late` (after a later one)
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import sys
from collections.abc import Coroutine
from typing import Any

import numpy as np
from heard import Heard, transport

from livekit import rtc

RATE, HERTZ, LOUD = 48_000, 440, 8_000
"""The tone: samples per second, its pitch, its amplitude of 32,767."""
FRAME = RATE // 100
"""Samples in 10 ms."""
DATA_EVERY = 0.02
"""Seconds between data packets: as often as audio."""
QUEUED = 500
"""Milliseconds of tone held ready, so that a pause of this program is none of the call."""


def say(event: str, **more: Any) -> None:
    print(json.dumps({"event": event, **more}), flush=True)


class Participant:
    """One in the room, until the server is gone or `stop` is set."""

    def __init__(self) -> None:
        self.room, self.stop = rtc.Room(), asyncio.Event()
        self.heard: dict[str, Heard] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.numbers = self.sent = 0
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("data_received", self._data)
        self.room.on("disconnected", self._gone)

    async def join(self, url: str, token: str, relay: bool, turn: list[str] | None) -> None:
        kind = rtc.IceTransportType.TRANSPORT_RELAY if relay else rtc.IceTransportType.TRANSPORT_ALL
        servers = [rtc.IceServer(urls=[turn[0]], username=turn[1], password=turn[2])] if turn else []
        options = rtc.RoomOptions(rtc_config=rtc.RtcConfiguration(ice_transport_type=kind, ice_servers=servers))
        await self.room.connect(url, token, options)
        # Neither fewer packets for a tone that does not change, nor each of them twice.
        sending = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False, red=False)
        source = rtc.AudioSource(RATE, 1, queue_size_ms=QUEUED)
        track = rtc.LocalAudioTrack.create_audio_track("tone", source)
        await self.room.local_participant.publish_track(track, sending)
        self.tasks += [asyncio.create_task(self._tone(source)), asyncio.create_task(self._send())]

    async def report(self) -> None:
        heard = {name: await one.report() for name, one in self.heard.items()}
        say("report", transports=await self._transports(), sent=self.sent, heard=heard)
        self.sent = 0

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await self.room.disconnect()

    # What is sent

    async def _tone(self, source: rtc.AudioSource) -> None:
        tone = (LOUD * np.sin(2 * np.pi * HERTZ * np.arange(RATE) / RATE)).astype(np.int16)  # whole waves
        for start in itertools.cycle(range(0, RATE, FRAME)):
            piece = tone[start : start + FRAME].tobytes()
            await source.capture_frame(rtc.AudioFrame(piece, RATE, 1, FRAME))

    async def _send(self) -> None:
        while True:
            me = self.room.local_participant
            # Its sender by name: the first may come before the room knows the participant.
            await me.publish_data(f"{me.identity} {self.numbers}", reliable=False)
            self.numbers, self.sent = self.numbers + 1, self.sent + 1
            await asyncio.sleep(DATA_EVERY)

    # What is received

    def _of(self, name: str) -> Heard:
        return self.heard.setdefault(name, Heard())

    def _subscribed(self, track: rtc.Track, _: Any, participant: rtc.RemoteParticipant) -> None:
        self._of(participant.identity).track = track
        self.tasks.append(asyncio.create_task(self._listen(track, participant.identity)))

    async def _listen(self, track: rtc.Track, name: str) -> None:
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            samples = np.frombuffer(event.frame.data, np.int16).astype(np.float64)
            # A sine's mean square is half of its amplitude's: this is a tone at half its strength.
            self._of(name).frame(bool(np.mean(samples**2) > LOUD**2 / 8))
            self._say_once(name)

    def _data(self, packet: rtc.DataPacket) -> None:
        name, _, number = packet.data.decode().rpartition(" ")
        self._of(name).number(int(number))
        self._say_once(name)

    def _say_once(self, name: str) -> None:
        heard = self._of(name)
        if not heard.said and heard.frames and heard.numbers:
            heard.said = True
            say("hears", **{"from": name})

    def _gone(self, why: Any) -> None:
        if not self.stop.is_set():
            say("disconnected", why=str(why))
            self.stop.set()

    # How it is received

    async def _transports(self) -> list[str]:
        stats = await self.room.get_rtc_stats()
        found = [transport(side) for side in (stats.publisher_stats, stats.subscriber_stats)]
        return [one for one in found if one]


async def refused_at_once(joining: Coroutine[Any, Any, None]) -> None:
    """Joins, and takes the first attempt's word for it: the library makes four of them, of 15 seconds each.

    That an attempt failed it says in its log only. ConnectError if it could not join.
    """
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()

    class Failures(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:  # in a thread of the library
            if "failed to connect" in (said := record.getMessage()):
                loop.call_soon_threadsafe(lambda: failed.done() or failed.set_exception(rtc.ConnectError(said)))

    logging.getLogger("livekit").addHandler(Failures())
    await asyncio.wait({task := asyncio.create_task(joining), failed}, return_when=asyncio.FIRST_COMPLETED)
    await (task if task.done() else failed)


async def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--relay", action="store_true")
    parser.add_argument("--turn", nargs=3)
    given = parser.parse_args()
    one = Participant()
    try:
        await refused_at_once(one.join(given.url, given.token, given.relay, given.turn))
    except rtc.ConnectError as error:
        say("failed", why=error.message)
        return 1
    say("connected")
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    stopped = asyncio.create_task(one.stop.wait())
    while True:
        line = asyncio.create_task(reader.readline())
        await asyncio.wait({line, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.done() or not await line:
            break
        await one.report()
    await one.leave()
    return 0


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    # Threads of the native library may outlive the interpreter, and crash it.
    os._exit(code)
