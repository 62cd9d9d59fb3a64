"""Compose files of many shapes, written in the manner of public deployments: name to the texts of a project's files.

The first file that is no `.env` or other companion is `compose.yaml`; `compose.override.yaml` is merged over it.
"""

from __future__ import annotations

SAMPLES: dict[str, dict[str, str]] = {
    "host-network": {
        "compose.yaml": """
            services:
              caddy: {image: livekit/caddyl4, command: run --config /etc/caddy.yaml --adapter yaml, network_mode: host}
              livekit:
                image: livekit/livekit-server:v1.9.11
                command: --config /etc/livekit.yaml
                network_mode: "host"
                volumes: ["./livekit.yaml:/etc/livekit.yaml"]
              redis: {image: "redis:7-alpine", command: redis-server /etc/redis.conf, network_mode: host}
        """,
        "livekit.yaml": "port: 7880\n",
    },
    "bridge-flags": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server:latest
                command: --dev --bind 0.0.0.0 --node-ip 203.0.113.7
                ports: ["7880:7880", "7881:7881", "7882:7882/udp"]
        """
    },
    "entrypoint-list": {
        "compose.yaml": """
            services:
              livekit:
                image: ghcr.io/example/livekit-server@sha256:0123
                entrypoint: ["/livekit-server", "--config", "/etc/livekit.yaml"]
                command: ["--node-ip=203.0.113.7", '--bind', "0.0.0.0"]
                ports: [7880, "127.0.0.1:7881:7881/tcp", "[::1]:7883:7883", "50000-50010:50000-50010/udp"]
        """
    },
    "quotes": {
        "compose.yaml": r"""
            services:
              a: {image: a, command: 'x --keys "one: two" --other=''three four'' \"five six\" seven\ eight ""'}
              b: {image: b, command: x 'a"b' "c'd" `echo hi` $$(ls -l) end}
              c: {image: c, command: x one; two}
              d: {image: d, command: ["x", "a b", ""]}
              e: {image: e, command: x 2> file}
              f: {image: f, command: ""}
              g: {image: g, command: []}
        """
    },
    "scale-and-networks": {
        "compose.yaml": """
            services:
              a: {image: a, scale: 2, networks: [lan, out]}
              b: {image: b, scale: "2", networks: {lan: {ipv4_address: 192.0.2.5}, out: }}
              c: {image: c, deploy: {replicas: 3, resources: {limits: {cpus: "1"}}}}
              d: {image: d, deploy: {replicas: "${COUNT:-1}"}, networks: [host]}
            networks:
              lan: {driver: macvlan, driver_opts: {parent: eth0}}
              out: {external: true, name: "${OUT:-host}"}
              host: {external: true}
        """
    },
    "scale-no-number": {"compose.yaml": "services: {a: {image: a, scale: few}}"},
    "command-that-is-replaced": {
        "compose.yaml": """
            services:
              a: {image: a, command: 'x "y'}
              b: {image: b, entrypoint: 'x "y'}
              c: {image: c, extends: {service: d}, command: z}
              d: {image: d}
        """,
        "compose.override.yaml": """
            services:
              a: {command: x y}
              b: {entrypoint: !reset null}
        """,
    },
    "command-that-is-not-replaced": {
        "compose.yaml": """services: {a: {image: a, command: 'x "y'}}""",
        "compose.override.yaml": "services: {a: {entrypoint: z}}",
    },
    "merged-twice": {
        "compose.yaml": """
            x-a: &a {image: a}
            services:
              a:
                <<: *a
                command: x
                <<: *a
        """
    },
    "network-and-mode": {
        "compose.yaml": """
            services: {a: {image: a, network_mode: host, networks: [x]}}
            networks: {x: {}}
        """
    },
    "network-and-mode-of-two-files": {
        "compose.yaml": """
            services: {a: {image: a, networks: [x]}}
            networks: {x: {}}
        """,
        "compose.override.yaml": "services: {a: {network_mode: host}}",
    },
    "network-and-mode-reset": {
        "compose.yaml": """
            services: {a: {image: a, networks: [x]}}
            networks: {x: {}}
        """,
        "compose.override.yaml": "services: {a: {network_mode: host, networks: !reset null}}",
    },
    "network-undefined": {"compose.yaml": "services: {a: {image: a, networks: [x]}}"},
    "network-default": {"compose.yaml": "services: {a: {image: a, networks: [default]}}"},
    "network-of-another-file": {
        "compose.yaml": "services: {a: {image: a, networks: [x]}}",
        "compose.override.yaml": "networks: {x: {external: true}}",
    },
    "network-of-what-is-off": {
        "compose.yaml": "services: {a: {image: a}, b: {image: b, profiles: [p], networks: [x]}}"
    },
    "network-null": {"compose.yaml": "services: {a: {image: a, networks: [x]}}\nnetworks: {x: }"},
    "scale-and-replicas": {"compose.yaml": "services: {a: {image: a, scale: 2.0, deploy: {replicas: 2}}}"},
    "scale-against-replicas": {"compose.yaml": "services: {a: {image: a, scale: 2, deploy: {replicas: 3}}}"},
    "ports-short": {
        "compose.yaml": """
            services:
              a:
                image: a
                ports:
                  - 7880
                  - "7881"
                  - 8080:80
                  - "127.0.0.1:9000:90"
                  - "127.0.0.1::91"
                  - "6000-6010:7000-7010/udp"
                  - "8000-8010:99"
                  - "[2001:db8::1]:443:443/UDP"
                  - "0.0.0.0:50000-50002:50000-50002/udp"
                  - "3000-3002"
                  - "5000:5000/sctp"
        """
    },
    "ports-long": {
        "compose.yaml": """
            services:
              a:
                image: a
                ports:
                  - {target: 7880, published: 8443, host_ip: 127.0.0.1, protocol: tcp, mode: host}
                  - {target: 7882, published: "7882", protocol: udp}
                  - {target: 7881}
                  - {target: 80, published: "8000-8010"}
                  - target: ${PORT:-99}
                    published: ${PORT:-99}
        """
    },
    "environment-map": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server:v1.7.2
                environment:
                  UDP_PORT: 7882
                  LIVEKIT_RTC_TCP_PORT: 0x1eC9
                  LIVEKIT_DEVELOPMENT: true
                  FLAG: yes
                  NOTHING:
                  EMPTY: ""
                  RATIO: 1.50
                  WHOLE: 3.0
                  FROM_ENV:
        """,
        ".env": "FROM_ENV=given\n",
    },
    "environment-list": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server
                environment:
                  - "LIVEKIT_KEYS=key: secret"
                  - NODE_IP
                  - FROM_ENV
                  - EQUALS=a=b=c
                  - TWICE=1
                  - TWICE=2
                  - DOLLAR=$$HOME
        """,
        ".env": "FROM_ENV='given'\n",
    },
    "interpolation": {
        "compose.yaml": """
            x-image: &image livekit/livekit-server:${TAG:-v1.9.11}
            services:
              a:
                image: *image
                environment:
                  A: ${UNSET:-one}${EMPTY:-two}${EMPTY-three}${SET:-four}
                  B: ${SET:+five}${EMPTY:+six}${EMPTY+seven}${UNSET+eight}
                  C: ${SET?needed}${SET:?needed}$SET.$UNSET.$$SET
                  D: ${UNSET:-${SET:-x}}${UNSET:-${UNSET:-{y}}}
                  E: ${UNSET:-a:b-c}${SET}-${UNSET:-z}
                  F: "${UNSET:-?}$1 %{x}"
                ports: ["${PORT:-7880}:${PORT:-7880}"]
        """,
        ".env": "SET=set\nEMPTY=\n",
    },
    "required-missing": {"compose.yaml": "services: {a: {image: 'x:${NEEDED:?set it}'}}\n"},
    "invalid-template": {"compose.yaml": "services: {a: {image: 'x:${}'}}\n"},
    "config-body": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server
                environment:
                  LIVEKIT_CONFIG: |
                    port: 7880
                    rtc: {udp_port: 7882, tcp_port: ${TCP:-7881}}
                    keys:
                      ${KEY:-devkey}: ${SECRET:-secret}
              sip:
                image: livekit/sip
                network_mode: host
                environment:
                  SIP_CONFIG_BODY: |
                    sip_port: 5060
                    redis: {address: "localhost:6379"}
        """
    },
    "env-files": {
        "compose.yaml": """
            services:
              a:
                image: a
                env_file: [one.env, {path: ./two.env}, {path: missing.env, required: false}]
                environment: {OWN: here, SHARED: mine}
              b: {image: b, env_file: one.env}
        """,
        "one.env": """
            # a comment
            export ONE=1
            TWO = two words # not this
            THREE="a \\n b ${ONE}" # nor this
            FOUR='a ${ONE} \\n'
            FIVE: yaml
            SHARED=one
            SIX="a
            b"
            SEVEN=a#b
            EIGHT=${OWN:-none}-${DOT:-none}
            NINE=
            TEN
        """,
        "two.env": "SHARED=two\nLATER=${ONE}${TWO}\n",
        ".env": "DOT=dot\nTEN=ten\n",
    },
    "env-file-missing": {"compose.yaml": "services: {a: {image: x, env_file: [missing.env]}}\n"},
    "env-file-broken": {"compose.yaml": "services: {a: {image: x, env_file: a.env}}\n", "a.env": "A B=1\n"},
    "extends-same": {
        "compose.yaml": """
            services:
              base:
                image: livekit/livekit-server
                command: --config /etc/livekit.yaml
                environment: [A=1, B=2]
                ports: ["7880:7880"]
                volumes: ["./livekit.yaml:/etc/livekit.yaml"]
                profiles: [base]
              livekit:
                extends: base
                environment: {B: 3, C: 4}
                ports: ["7881:7881", "7880:7880"]
                volumes: ["./other.yaml:/etc/livekit.yaml"]
                profiles: [""]
              plain: {extends: {service: base}, command: null, profiles: []}
        """
    },
    "extends-file": {
        "compose.yaml": """
            services:
              livekit:
                extends: {file: common/base.yaml, service: livekit}
                ports: !override ["7880:7880"]
            volumes: {named: {}}
        """,
        "common/base.yaml": """
            services:
              root: {image: livekit/livekit-server, env_file: [root.env], network_mode: host}
              livekit:
                extends: root
                volumes: ["./livekit.yaml:/etc/livekit.yaml:ro", "/abs:/abs", "named:/named"]
                ports: ["1:1", "2:2"]
            volumes: {named: {}}
        """,
        "common/root.env": "FROM=root\n",
    },
    "extends-loop": {"compose.yaml": "services: {a: {extends: b}, b: {extends: a}}\n"},
    "extends-nobody": {"compose.yaml": "services: {a: {extends: b}}\n"},
    "override-files": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server:v1.9.0
                command: --config /etc/livekit.yaml --dev
                entrypoint: /livekit-server
                environment: {A: 1, B: 2}
                ports: ["7880:7880", "7881:7881"]
                volumes: ["./a.yaml:/etc/livekit.yaml", {type: bind, source: ./b, target: /b}]
                env_file: a.env
              gone: {image: x, ports: ["1:1"]}
        """,
        "compose.override.yaml": """
            services:
              livekit:
                image: livekit/livekit-server:v1.9.1
                command: --config /etc/other.yaml
                environment: ["B=3", "C=4"]
                ports: ["127.0.0.1:7880:7880", "7881:7881/udp", "7881:7881"]
                volumes: ["./c.yaml:/etc/livekit.yaml/"]
                env_file: [b.env]
              new: {image: y}
        """,
        "a.env": "FROM=a\n",
        "b.env": "FROM=b\n",
    },
    "reset": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server
                command: --dev
                environment: {A: 1, B: 2}
                ports: ["7880:7880", "7881:7881"]
                volumes: ["./a:/a"]
                network_mode: host
              gone: {image: x}
        """,
        "compose.override.yaml": """
            services:
              livekit:
                command: null
                environment: {A: !reset null, C: 3}
                ports: !override ["7882:7882/udp"]
                volumes: !reset []
                network_mode: !reset null
              gone: !reset null
        """,
    },
    "anchors": {
        "compose.yaml": """
            x-env: &env {LOG: info, NODE_IP: 203.0.113.7}
            x-base: &base
              restart: always
              environment: &inner
                <<: *env
                A: 1
            services:
              a:
                <<: *base
                image: livekit/livekit-server
              b:
                <<: [*base, {image: from-list, command: x}]
                environment: {<<: *inner, A: 2, B: 3}
        """
    },
    "profiles": {
        "compose.yaml": """
            services:
              a: {image: a}
              b: {image: b, profiles: [sip]}
              c: {image: c, profiles: [full, other]}
        """,
        ".env": "COMPOSE_PROFILES=sip,other\n",
    },
    "configs": {
        "compose.yaml": """
            services:
              livekit:
                image: livekit/livekit-server
                command: --config /etc/livekit.yaml
                configs:
                  - {source: livekit, target: /etc/livekit.yaml}
                  - inline
                  - by-variable
            configs:
              livekit: {file: ./livekit.yaml}
              inline: {content: "port: ${PORT:-7880}\\n"}
              by-variable: {environment: BODY}
        """,
        ".env": "BODY=port: 1\n",
        "livekit.yaml": "port: 7880\n",
    },
    "include": {
        "compose.yaml": """
            include:
              - sub/compose.yaml
              - path: [other.yaml, over.yaml]
                env_file: other.env
            services:
              a: {image: a}
              b: {ports: ["1:1"]}
        """,
        "sub/compose.yaml": "services: {b: {image: 'b:${TAG}', volumes: ['./x:/x'], ports: ['2:2']}}\n",
        "sub/.env": "TAG=sub\n",
        "other.yaml": "services: {c: {image: 'c:${TAG:-none}', volumes: ['./x:/x']}}\n",
        "over.yaml": "services: {c: {command: x}}\n",
        "other.env": "TAG=other\n",
    },
    "include-loop": {"compose.yaml": "include: [compose.yaml]\nservices: {a: {image: a}}\n"},
    "network-service": {
        "compose.yaml": """
            services:
              livekit: {image: livekit/livekit-server, ports: ["7880:7880", "7882:7882/udp"]}
              egress: {image: livekit/egress, network_mode: "service:livekit"}
              none: {image: livekit/ingress, network_mode: none}
        """
    },
    "wrong-types": {"compose.yaml": "services: {a: {image: x, ports: {a: b}}}\n"},
    "wrong-environment": {"compose.yaml": "services: {a: {image: x, environment: text}}\n"},
    "wrong-port": {"compose.yaml": "services: {a: {image: x, ports: ['1-3:5-6']}}\n"},
    "wrong-quote": {"compose.yaml": "services: {a: {image: x, command: 'a \"b'}}\n"},
    "dotenv": {
        "compose.yaml": "services: {a: {image: 'x:${A}-${B}-${C}-${D}-${E}-${F}', environment: [G, H, I]}}\n",
        ".env": r"""
            A=1
            B="two $A"
            C='three $A'
            D=${A}${MISSING:-m}
            E="esc \" \$A \t|"
            F=a\nb
            G=$$A
            H= spaced out
            I="multi
            line"
        """,
    },
}
