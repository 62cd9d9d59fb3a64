from __future__ import annotations
from typing import Any
import pytest
from .project import Deploy, Project, NAMESPACE
from .fakes.wire import UNKNOWN
import yaml

def arguments(project, given):
    file = project.stack_file
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document.setdefault("config", {})["named:arguments"] = given
    file.write_text(yaml.safe_dump(document), encoding="utf-8")

def test_x(deploy, amazon):
    project = deploy("dev", program="named")
    arguments(project, {"load_balancer": {"cidrs": {"nlb-a": {"output": "10.0.1.0/24"}, "office": "192.0.2.0/24"}}})
    digest = project.preview_json("--show-replacement-steps") if 0 else project.preview_json()
    for step in digest["steps"]:
        print(step["op"], step["urn"].rpartition("::")[2], {k:v for k,v in step["newState"].get("inputs",{}).items() if k.startswith("cidr") or k=="ipProtocol"} if "newState" in step else "")
    print(project.up().output)
    project.forget_calls()
    arguments(project, {"load_balancer": {"cidrs": {"nlb-a": {"output": "10.0.2.0/24"}, "office": "192.0.2.0/24"}}})
    print(project.preview().output)
    print(project.up().output)
    print([(c.method, c.name, c.inputs.get("cidrIpv4")) for c in project.calls()])
    project.forget_calls()
    arguments(project, {"load_balancer": {"cidrs": {"nlb-a": {"output": "0.0.0.0/0"}, "office": "192.0.2.0/24"}}})
    print(project.preview(fails=True).output)
    print(project.up(fails=True).output)
    print([(c.method, c.name, c.inputs.get("cidrIpv4")) for c in project.calls()])
    project.destroy()
    project.forget_calls()
    print(project.preview(fails=False).output)
    print(project.up(fails=True).output)
    print([(c.method, c.name, c.inputs.get("cidrIpv4")) for c in project.calls()])
