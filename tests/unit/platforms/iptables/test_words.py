"""Lines of iptables-save as conditions and a target."""

from __future__ import annotations

import pytest

from livekit_firewall.platforms.nftables.iptables.words import Condition, parsed, split


def read(text: str):
    words = parsed(text)
    assert words is not None
    return words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-p tcp -j DROP", ["-p", "tcp", "-j", "DROP"]),
        ("  -p\ttcp ", ["-p", "tcp"]),
        (r'-c "it\'s a \"quoted\" back\\slash" -j DROP', ["-c", 'it\'s a "quoted" back\\slash', "-j", "DROP"]),
        ('--comment "a -j DROP b" -j ACCEPT', ["--comment", "a -j DROP b", "-j", "ACCEPT"]),
        ('--log-prefix "[UFW BLOCK] "', ["--log-prefix", "[UFW BLOCK] "]),
        ('--comment ""', ["--comment", ""]),
        ('a"b c"d', ["ab cd"]),
        ('--comment "open', None),
        ('--comment "a" "', None),
        (r'--comment "a\"', None),
        ("", []),
    ],
)
def test_words_are_split_as_iptables_restore_splits_them(text, words):
    assert split(text) == words


def test_each_condition_has_its_module_and_values():
    words = read(
        "! -s 10.0.0.0/8 ! -i eth0 -p tcp -m multiport ! --dports 80,443 -m tcp --tcp-flags FIN,SYN SYN"
        " -m conntrack --ctstate NEW -m comment --comment x -j DROP"
    )
    assert words.conditions == (
        Condition("", "-s", True, ("10.0.0.0/8",)),
        Condition("", "-i", True, ("eth0",)),
        Condition("", "-p", False, ("tcp",)),
        Condition("multiport", "", False, ()),
        Condition("multiport", "--dports", True, ("80,443",)),
        Condition("tcp", "", False, ()),
        Condition("tcp", "--tcp-flags", False, ("FIN,SYN", "SYN")),
        Condition("conntrack", "", False, ()),
        Condition("conntrack", "--ctstate", False, ("NEW",)),
        Condition("comment", "", False, ()),
        Condition("comment", "--comment", False, ("x",)),
    )
    assert (words.target, words.is_goto, words.comment, words.stray) == ("DROP", False, "x", "")
    assert str(words) == (
        "! -s 10.0.0.0/8 ! -i eth0 -p tcp -m multiport ! --dports 80,443 -m tcp --tcp-flags FIN,SYN SYN"
        " -m conntrack --ctstate NEW"
    )


def test_options_of_a_target_are_no_conditions():
    words = read('-p tcp -j LOG --log-prefix "-p udp" --log-level 7')
    assert (words.target, words.options) == ("LOG", ("--log-prefix", "-p udp", "--log-level", "7"))
    assert [str(one) for one in words.conditions] == ["-p tcp"]


def test_conditions_may_stand_behind_a_target():
    words = read("-j ACCEPT -p tcp -s 10.0.0.1")
    assert [str(one) for one in words.conditions] == ["-p tcp", "-s 10.0.0.1"]


@pytest.mark.parametrize("text", ["-s ! 10.0.0.1 -j DROP", "! -s 10.0.0.1 -j DROP", "! --source 10.0.0.1 --jump DROP"])
def test_a_negation_may_stand_before_or_behind_its_option(text):
    words = read(text)
    assert (words.conditions, words.target) == ((Condition("", "-s", True, ("10.0.0.1",)),), "DROP")


def test_a_negation_behind_the_option_of_a_module_is_one_too():
    assert read("-p tcp -m tcp --dport ! 22").conditions[-1] == Condition("tcp", "--dport", True, ("22",))


def test_a_goto_is_no_jump():
    assert [read(f"{option} X").is_goto for option in ("-j", "-g", "--goto")] == [False, True, True]


@pytest.mark.parametrize("text", ["-m comment --comment -j -j ACCEPT", "-m string --string -j --algo bm -j ACCEPT"])
def test_a_text_that_looks_like_an_option_is_a_text(text):
    assert (read(text).target, read(text).stray) == ("ACCEPT", "")


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("-p tcp tcp -j DROP", "tcp"),
        ("-j DROP -j ACCEPT", "-j"),
        ("-j ACCEPT -s", "-s"),
        ("-x 1 -j DROP", "-x"),
        ("-j", "-j"),
        ("! -j DROP", "-j"),
    ],
)
def test_words_that_are_not_understood_are_told(text, stray):
    assert read(text).stray == stray
