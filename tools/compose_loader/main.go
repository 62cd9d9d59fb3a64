// The loader of Docker Compose itself, as a judge of livekit_firewall.inputs.compose.
//
// Reads one request per line of standard input, {"folder": ..., "files": [...]}, and answers each with one line: what
// the project holds of the attributes that decide which ports a service opens, or {"error": ...}. Nothing of the
// environment of this process gets in: only the .env of the folder.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

type request struct {
	Folder string   `json:"folder"`
	Files  []string `json:"files"`
}

type port struct {
	Target    uint32 `json:"target"`
	Published string `json:"published"`
	Protocol  string `json:"protocol"`
	HostIP    string `json:"host_ip"`
	Mode      string `json:"mode"`
}

type mount struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

type config struct {
	Target  string `json:"target"`
	File    string `json:"file"`
	Content string `json:"content"`
}

type service struct {
	Image       string             `json:"image"`
	Command     []string           `json:"command"`
	Entrypoint  []string           `json:"entrypoint"`
	Environment map[string]*string `json:"environment"`
	Ports       []port             `json:"ports"`
	Mounts      []mount            `json:"mounts"`
	Configs     []config           `json:"configs"`
	NetworkMode string             `json:"network_mode"`
}

func load(asked request) (map[string]service, error) {
	options, err := cli.NewProjectOptions(
		asked.Files, cli.WithWorkingDirectory(asked.Folder), cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles(),
		cli.WithName("judged"), cli.WithResolvedPaths(true),
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	found := map[string]service{}
	for name, one := range project.Services {
		found[name] = judged(one, project, asked.Folder)
	}
	return found, nil
}

func judged(one types.ServiceConfig, project *types.Project, folder string) service {
	made := service{
		Image: one.Image, Command: one.Command, Entrypoint: one.Entrypoint, Environment: one.Environment,
		Ports: []port{}, Mounts: []mount{}, Configs: []config{}, NetworkMode: one.NetworkMode,
	}
	for _, each := range one.Ports {
		made.Ports = append(made.Ports, port{each.Target, each.Published, each.Protocol, each.HostIP, each.Mode})
	}
	for _, each := range one.Volumes {
		if each.Type == types.VolumeTypeBind {
			made.Mounts = append(made.Mounts, mount{relative(folder, each.Source), each.Target})
		}
	}
	for _, each := range one.Configs {
		from := project.Configs[each.Source]
		target := each.Target
		if target == "" {
			target = "/" + each.Source
		}
		made.Configs = append(made.Configs, config{target, relative(folder, from.File), from.Content})
	}
	return made
}

func relative(folder, path string) string {
	if path == "" {
		return ""
	}
	if found, err := filepath.Rel(folder, path); err == nil {
		return found
	}
	return path
}

func main() {
	logrus.SetOutput(io.Discard)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		found, err := load(asked)
		var answer any = map[string]any{"services": found}
		if err != nil {
			answer = map[string]any{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}
