package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// The workflow and the services of the guide are YAML, and what they start is a
// sandbox with flags that it has.
func TestGuideToCI(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks of YAML", len(blocks))
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct{ Run string }
		}
	}
	if err := yaml.Unmarshal([]byte(blocks[0][1]), &workflow); err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Command     []string
			Environment map[string]string
		}
	}
	if err := yaml.Unmarshal([]byte(blocks[1][1]), &compose); err != nil {
		t.Fatal(err)
	}
	var commands [][]string
	line := regexp.MustCompile(`ttshop (sandbox [^>&|;]*)`)
	for _, step := range workflow.Jobs["test"].Steps {
		for _, m := range line.FindAllStringSubmatch(step.Run, -1) {
			commands = append(commands, strings.Fields(m[1]))
		}
	}
	sandbox, app := compose.Services["sandbox"].Command, compose.Services["app"].Environment
	if commands = append(commands, sandbox); len(commands) != 3 {
		t.Errorf("the guide starts %q", commands)
	}
	for _, command := range commands {
		// With --help it starts nothing, but has read its flags.
		if got := run(t, nil, "", append(command, "--help")...); got.code != console.ExitOK {
			t.Errorf("%q: exit code %d, stderr %s", command, got.code, got.err)
		}
	}
	for flag, name := range map[string]string{"--app-key": "TTSHOP_APP_KEY", "--app-secret": "TTSHOP_APP_SECRET"} {
		for i, word := range sandbox {
			if word == flag && sandbox[i+1] != app[name] {
				t.Errorf("%s is %s, and %s is %s", flag, sandbox[i+1], name, app[name])
			}
		}
	}
}
