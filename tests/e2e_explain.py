#!/usr/bin/env python3
"""`explain`: December 2014 with every hypothesis of those who wrote about it; records of others; a dead collector;
a clean shutdown; and random variants, each with the verdict that its features imply by tests/cause_model.py.

    DIMOUT=build/release/dimout tests/e2e_explain.py [VARIANTS [SEED]]
"""

import json
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import cause_model
import support
from support import ROOT, Checks, dimout, need_binary, outages, replay

KP = "country-KP-20141222T1615Z"
# What people asked of December 2014, by the names of the table.
HYPOTHESES = {"cable_cut", "overload", "self_disconnection", "upstream_disconnect", "power_outage", "maintenance",
              "measurement_artifact"}
RECORDS = """time,kind,source,text,who,stance,entity
2014-12-18,attack,a company that sells protection,attacks since 18 December,,,country/KP
2014-12-23,statement,a newspaper,it was not us,a neighbour,denial,country/KP
2014-11-01,attack,a forum,long before,,,country/KP
2014-12-22,power,a page,another country,,,country/BT
2014-12-22,rumour,a forum,nothing,,,
2014-12-22,statement,a forum,it was them,,claim,
2014-12-22,note,a forum,\x1b[2J,,,
"""
# Countries with one zone each: hours before or after UTC are whole or half.
COUNTRIES = [("KP", "119.3.0.0/22", 9), ("BT", "119.2.96.0/22", 6), ("TG", "196.2.0.0/22", 0), ("NP", "119.5.0.0/22", 5.75),
             ("MM", "119.6.0.0/22", 6.5)]


def explain(store, outage, *options, allowed=(0,)):
    return json.loads(dimout("explain", outage, "--store", store, "--format", "json", *options, allowed=allowed).stdout)


def simulated(work, name, text):
    """A scenario's store."""
    (work / f"{name}.scenario").write_text(text)
    dimout("simulate", work / f"{name}.scenario", work / name)
    replay([work / name], work / f"{name}.store", "--registry", work / name / "registry")
    return work / f"{name}.store"


def check_north_korea(checks, work):
    checks.section("December 2014")
    store = simulated(work, "kp", (ROOT / "scenarios/kp-2014.scenario").read_text())
    found = explain(store, KP, "--registry", work / "kp/registry")
    causes = {cause["code"]: cause for cause in found["causes"]}
    checks.check("every hypothesis is listed", HYPOTHESES <= causes.keys(), ", ".join(sorted(HYPOTHESES - causes.keys())))
    checks.check("each with lines for and against", all(c["for"] or c["against"] for c in causes.values()))
    checks.equal("verdict", found["verdict"], "insufficient_evidence")
    checks.equal("nothing is named", found["named"], None)
    checks.check("instability speaks against a cut", "instability" in causes["cable_cut"]["against"][0], causes["cable_cut"]["against"][0])
    checks.check("the length speaks against maintenance", "9 h 31 min" in causes["maintenance"]["against"][0],
                 causes["maintenance"]["against"][0])
    registered, routed = found["size"]["registered"], found["size"]["routed"]
    checks.equal("registered and routed addresses", [registered["addresses"], routed["addresses"]], [1024, 1024])
    checks.check("of the registry's file, and the smallest of all", registered["source"] == "APNIC" and
                 registered["rank"] == registered["rank_of"], f"rank {registered['rank']} of {registered['rank_of']}")
    checks.check("compared in one sentence", "as many as one /22" in (found["size"]["sentence"] or ""), found["size"]["sentence"])
    checks.equal("no mmdb: no number, and why", found["size"]["geolocated"]["why_not"], "no mmdb or range list was given")
    checks.equal("no rank, and why", [found["severity"]["length_rank"], found["severity"]["why_no_rank"]],
                 [None, "history begins 2014-12-15"])
    excluded = {one["code"]: one["because"] for one in found["excluded"]}
    checks.check("maintenance is excluded, with that reason", "9 h 31 min" in excluded.get("maintenance", ""), str(excluded))
    checks.check("who withdrew is told, and what cannot be told apart", "Cannot separate AS131279 itself" in found["withdrawal"][0], found["withdrawal"][0])
    checks.check("who decided is not visible", "ordered by others" in causes["self_disconnection"]["inseparable"])
    checks.check("shares add up to 1", abs(sum(c["posterior"] for c in causes.values()) - 1) < 1e-9)
    checks.check("what would settle it names who holds it", all(one["holder"] for one in found["would_settle"][:3]))
    text = dimout("explain", KP, "--store", store).stdout
    checks.check("the page says that it is a model", "not measurements" in text)
    checks.check("as people knew it before the end, no length is told",
                 all(one["feature"] != "duration" for one in explain(store, KP, "--as-of", "2014-12-22T20:00Z")["seen"]))

    checks.section("what others know")
    (work / "records.csv").write_text(RECORDS)
    told = explain(store, KP, "--records", work / "records.csv", allowed=(2,))
    checks.equal("records of this outage, in order of time", [record["kind"] for record in told["records"]], ["attack", "statement"])
    checks.equal("only the attack weighs", [record["weighed"] for record in told["records"]], [True, False])
    shares = {cause["code"]: cause["posterior"] for cause in told["causes"]}
    checks.check("overload gains", shares["overload"] > causes["overload"]["posterior"] + 0.1, f"{shares['overload']:.2f}")
    checks.equal("still insufficient", told["verdict"], "insufficient_evidence")
    stderr = dimout("explain", KP, "--store", store, "--records", work / "records.csv", allowed=(2,)).stderr
    checks.check("bad rows are told with line and reason", "line 6: 'rumour'" in stderr and "line 7: a statement names" in stderr
                 and "line 8: it holds control characters" in stderr and "\x1b" not in stderr, stderr)
    (work / "statements.csv").write_text("\n".join(RECORDS.splitlines()[:1] + RECORDS.splitlines()[2:3]) + "\n")
    quoted = explain(store, KP, "--records", work / "statements.csv")
    checks.check("a statement moves nothing", quoted["causes"] == found["causes"] and quoted["records"])
    missing = support.run(support.DIMOUT, "explain", "country-KP-20200101T0000Z", "--store", store)
    checks.check("an unknown outage says what next", missing.returncode == 1 and "dimout outages" in missing.stderr, missing.stderr.strip())


WORLD = """scenario {name} "A variant"
seed {seed}
from  {begin}
until {end}
collector rv-a routeviews gz rib every 1d updates every 15m
collector rv-b routeviews gz rib every 1d updates every 15m
collector rrc-a ris gz state-messages rib every 1d updates every 5m
peers rv-a full 502001 502002 502003 502004 502005
peers rv-b full 502006 502007 502008 502009
peers rrc-a full 502010 502011 502012 502013 502014
background prefixes 400
churn path-changes 20/h local-losses 4/h
country {country} block {block} as 4x24 origin {origin} upstream {upstream}
{traffic}
{events}
expect outage country/{country} {phase} {start} until {stop}
"""


# Ten full feeds at two collectors, and an Internet around them.
OBSERVED = """collector rv-a routeviews gz rib every 1d updates every 15m
collector rrc-a ris gz state-messages rib every 1d updates every 5m
peers rv-a full 502001 502002 502003 502004 502005
peers rrc-a full 502010 502011 502012 502013 502014
background prefixes 400
churn path-changes 20/h local-losses 4/h
"""

SHUTDOWN = """scenario shutdown "Three networks over three upstreams, switched off on the hour"
seed 78
from  2016-05-01T00:00Z
until 2016-05-12T00:00Z
""" + OBSERVED + """country TG block 196.2.0.0/22 as 4x24 origin 520001 upstream 521001
country TG block 196.3.0.0/22 as 4x24 origin 520002 upstream 521002
country TG block 196.4.0.0/22 as 4x24 origin 520003 upstream 521003
at 2016-05-06T01:00:00Z dark country/TG until 2016-05-06T05:30:00Z steps 1
expect outage country/TG dark 2016-05-06T01:00Z until 2016-05-06T05:30Z
"""


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Variant:
    """One random outage, and the levels that its own story gives, worked out from the story alone."""

    def __init__(self, number, chance):
        self.country, block, offset = chance.choice(COUNTRIES)
        self.chance = chance
        zone = timedelta(hours=offset)
        begin = datetime(2016, 5, 1, tzinfo=timezone.utc)
        # A local clock: on the half hour to the second or nowhere near it.
        self.clean = chance.random() < 0.5
        minute = chance.choice([0, 30]) if self.clean else chance.choice([9, 14, 19, 41, 46])
        start_local = datetime(2016, 5, 6, tzinfo=timezone.utc) + timedelta(hours=chance.choice([1, 3, 7, 10, 13, 16, 20]), minutes=minute)
        self.start = start_local - zone
        hours = chance.choice([0.6, 2, 4.5, 8, 20])
        end_minute = 0 if self.clean else 17
        end_local = (start_local + timedelta(hours=hours)).replace(minute=end_minute)
        # Well away from a class's edge, which what is measured may fall on either side of; and from the half hour from which on a
        # darkness after flaps is a loss in its own right.
        while min(abs((end_local - start_local).total_seconds() / 3600 - edge) for edge in (0, 0.5, 1, 3, 6, 12)) < 0.2:
            end_local += timedelta(hours=1)
        self.end = end_local - zone
        self.unstable = not self.clean and chance.random() < 0.6
        self.relapses = 0 if self.clean else chance.choice([0, 0, 2])
        self.recurs = self.clean and chance.random() < 0.5
        # How many of the four prefixes go. Counts of half a network do not fall clearly: those are for whole ones.
        self.depth = chance.choice([4, 4, 4, 3, 2])
        self.traffic = self.depth == 4 and chance.random() < 0.5
        go = "dark" if self.depth == 4 else f"lose {self.depth} of 4"
        events = []
        if self.unstable:
            time = self.start - timedelta(hours=9)
            while time < self.start - timedelta(minutes=40):
                events.append(f"at {stamp(time)} flap country/{self.country} for 3m")
                time += timedelta(minutes=50)
        events.append(f"at {stamp(self.start)} {go} country/{self.country} until {stamp(self.end)} steps 1")
        for i in range(self.relapses):
            again = self.end + timedelta(hours=7 + 8 * i, minutes=11)
            events.append(f"at {stamp(again)} dark country/{self.country} until {stamp(again + timedelta(minutes=45))} steps 1")
        if self.recurs:
            for days in (-2, -1, 1):
                move = timedelta(days=days)
                events.append(f"at {stamp(self.start + move)} dark country/{self.country} until {stamp(self.start + move + timedelta(minutes=50))} steps 1")
        lines = sorted(events)
        self.text = WORLD.format(name=f"variant-{number}", seed=number + 1, begin=stamp(begin), end=stamp(begin + timedelta(days=12)),
                                 country=self.country, block=block, origin=520000 + chance.randrange(900),
                                 upstream=521000 + chance.randrange(900), events="\n".join(lines), start=stamp(self.start), stop=stamp(self.end), phase="dark" if self.depth == 4 else "degraded",
                                 traffic=f"traffic country/{self.country} 600/h" if self.traffic else "")
        self.levels = self.story(start_local, end_local)

    def story(self, start_local, end_local):
        yes = {True: "yes", False: "no"}
        hour = start_local.hour
        lasted = (self.end - self.start).total_seconds() / 3600
        classes = cause_model.LEVELS["duration"]
        levels = {"unstable_before": yes[self.unstable], "start_on_half_hour": yes[self.clean],
                  "end_on_half_hour": yes[end_local.minute in (0, 30)],
                  "part_of_day": "night" if hour < 6 else "day" if 9 <= hour < 18 else "morning_or_evening",
                  "duration": classes[sum(lasted >= limit for limit in (1, 3, 6, 12, 48))],
                  "relapses": yes[self.relapses >= 2 or (self.recurs and self.recurred_after() >= 2)],
                  "same_time_other_days": yes[self.recurs], "observer_bad": "no",
                  # All at once, over the only upstream, and nobody else is behind it.
                  "within_a_minute": "yes", "returned_at_once": "yes", "other_upstream_tried": "no", "foreign_origin": "no"}
        if self.traffic:
            levels |= {"all_signals_agree": "yes", "silent_before": "no"}
        return levels

    def decisive(self):
        return (self.clean and self.recurs and self.levels["part_of_day"] == "night"
                and self.levels["duration"] == "12_to_48_h" and self.levels["relapses"] == "no")

    def recurred_after(self):
        """Outages of the pattern within 48 h after the end of this one."""
        return sum(self.end < self.start + timedelta(days=days) <= self.end + timedelta(hours=48) for days in (1,))


UPSTREAM = """scenario upstream "A provider dies, and all its customers with it"
seed 77
from  2016-05-01T00:00Z
until 2016-05-08T00:00Z
""" + OBSERVED + """country BT block 119.2.96.0/22 as 4x24 origin 520001 upstream 521001
country NP block 119.5.0.0/22 as 4x24 origin 520002 upstream 521001
country KP block 119.3.0.0/22 as 4x24 origin 520003 upstream 521001
country BD block 119.6.0.0/22 as 4x24 origin 520004 upstream 521001
at 2016-05-05T09:17:00Z dark country/BT until 2016-05-05T10:54:00Z steps 1
at 2016-05-05T09:17:02Z dark country/NP until 2016-05-05T10:54:00Z steps 1
at 2016-05-05T09:17:05Z dark country/KP until 2016-05-05T10:54:00Z steps 1
at 2016-05-05T09:17:03Z dark country/BD until 2016-05-05T10:54:00Z steps 1
expect outage country/BT dark 2016-05-05T09:17Z until 2016-05-05T10:54Z
expect outage country/NP dark 2016-05-05T09:17Z until 2016-05-05T10:54Z
expect outage country/KP dark 2016-05-05T09:17Z until 2016-05-05T10:54Z
expect outage country/BD dark 2016-05-05T09:17Z until 2016-05-05T10:54Z
"""


def explained(store, work, name, *which):
    """Every public outage of the entity, explained, with its levels."""
    for outage in outages(store, *which):
        found = explain(store, outage["id"], "--registry", work / name / "registry")
        yield found, {fact["feature"]: fact["level"] for fact in found["seen"]}


def check_dead_upstream(checks, work):
    checks.section("an upstream that failed with all its customers")
    store = simulated(work, "upstream", UPSTREAM)
    every = list(explained(store, work, "upstream", "--entity", "country/BT"))
    checks.equal("one outage", len(every), 1)
    for found, seen in every:
        checks.equal("all others behind it went too, also abroad", seen.get("upstreams_others_lost"), "all_abroad")
        first = found["causes"][0]
        checks.equal("its failure comes first", first["code"], "upstream_failure")
        checks.check("at least even", first["lo"] >= 0.5, f"{first['lo']:.2f}")
        checks.check("by what became of the others", "other customers" in first["for"][0], first["for"][0])
        checks.equal("one observation is not enough to name it", found["verdict"], "insufficient_evidence")
        checks.check("what looks the same is told", "inside the upstream" in first["inseparable"], first["inseparable"])


def check_clean_shutdown(checks, work):
    checks.section("a country that goes on the hour and comes back on the half hour, once")
    store = simulated(work, "shutdown", SHUTDOWN)
    every = list(explained(store, work, "shutdown", "--entity", "country/TG"))
    checks.equal("one outage", len(every), 1)
    for found, seen in every:
        checks.equal("networks with other upstreams went too", seen.get("country_beside_lost"), "yes")
        checks.equal("at once, and back at once, and on no other day",
                     [seen.get(one) for one in ("within_a_minute", "returned_at_once", "same_time_other_days")], ["yes", "yes", "no"])
        first = found["causes"][0]
        checks.equal("its own hand, or an order, comes first", first["code"], "self_disconnection")
        checks.check("at least even", first["lo"] >= 0.5, f"{first['lo']:.2f}")
        checks.equal("and is named", (found["verdict"], found["named"]), ("named", "self_disconnection"))


def check_variants(checks, work, count, seed):
    checks.section(f"{count} variants, seed {seed}")
    chance = random.Random(seed)
    verdicts = {"named": 0, "insufficient evidence": 0, "at a limit": 0}
    for number in range(count):
        variant = Variant(number, chance)
        store = simulated(work, f"variant-{number}", variant.text)
        near = [outage for outage in outages(store, "--entity", f"country/{variant.country}")
                if abs((datetime.fromisoformat(outage["start"]["t"].replace("Z", "+00:00")) - variant.start).total_seconds()) < 400]
        if not checks.check(f"variant {number} is found", len(near) == 1, variant.country):
            continue
        found = explain(store, near[0]["id"], "--registry", work / f"variant-{number}" / "registry")
        seen = {fact["feature"]: fact["level"] for fact in found["seen"]}
        if not checks.equal(f"variant {number}: features", seen, variant.levels):
            continue
        verdict, first, share, margin = cause_model.judge(variant.levels)
        ours = found["causes"][0]
        checks.check(f"variant {number}: likeliest and its share", ours["code"] == first and abs(ours["posterior"] - share) < 1e-6,
                     f"{ours['code']} {ours['posterior']:.3f}")
        if margin < 0.03:  # The two draw their intervals from other random numbers.
            verdicts["at a limit"] += 1
            continue
        verdicts[verdict] += 1
        checks.equal(f"variant {number}: verdict", found["verdict"], verdict.replace(" ", "_"))
        if variant.decisive():
            checks.check(f"variant {number}: its own hand, clean, recurring, by night and for half a day, is at least even", ours["code"] == "self_disconnection" and ours["lo"] >= 0.5,
                         f"{ours['lo']:.2f}")
    checks.check("named and unnamed ones were among them", verdicts["named"] and verdicts["insufficient evidence"], str(verdicts))


def check_dead_collector(checks, work):
    checks.section("a collector that died")
    store = simulated(work, "silent", (ROOT / "scenarios/not-an-outage-collector-silent.scenario").read_text())
    artifacts = [outage for outage in outages(store, "--all") if outage["state"] == "artifact"]
    checks.check("our own outages are there", artifacts)
    for outage in artifacts:
        found = explain(store, outage["id"])
        checks.equal(f"{outage['id']}", (found["verdict"], found["named"], found["excluded"]), ("not_observable", None, []))


def main():
    need_binary()
    count, seed = (int(sys.argv[1]) if len(sys.argv) > 1 else 6), (int(sys.argv[2]) if len(sys.argv) > 2 else 2014)
    checks = Checks("why an outage came about")
    with support.workdir() as folder:
        work = Path(folder)
        check_north_korea(checks, work)
        check_dead_collector(checks, work)
        check_dead_upstream(checks, work)
        check_clean_shutdown(checks, work)
        check_variants(checks, work, count, seed)
    checks.finish()


if __name__ == "__main__":
    main()
