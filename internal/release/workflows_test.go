package release

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// root is the repository.
var root = filepath.Join("..", "..")

// workflow is what the test reads of a workflow of GitHub Actions.
type workflow struct {
	Name        string
	On          any
	Permissions map[string]string
	Jobs        map[string]struct {
		RunsOn  string `yaml:"runs-on"`
		Minutes int    `yaml:"timeout-minutes"`
		Steps   []step
	}
}

type step struct {
	Name string
	Uses string
	Run  string
	With map[string]any
	Env  map[string]string
}

// script is a step that runs a script of ours and nothing else.
var script = regexp.MustCompile(`^(?:sudo --preserve-env=\S+ )?(\.ci/[a-z-]+)(?: [a-z]+)?$`)

// Workflows only call scripts of .ci, which exist and can be run.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if names := bases(files); !slices.Equal(names, []string{"ci.yml", "release.yml"}) {
		t.Errorf("the workflows are %v", names)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range check(data) {
				t.Error(wrong)
			}
		})
	}
}

func bases(files []string) (names []string) {
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	return names
}

// check returns what is wrong with a workflow.
func check(data []byte) (wrong []string) {
	var w workflow
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&w); err != nil {
		// A job has more fields than those above; they are added when they are used.
		return []string{err.Error()}
	}
	if w.Name == "" || w.On == nil || len(w.Jobs) == 0 {
		wrong = append(wrong, "it has no name, no trigger or no job")
	}
	if len(w.Permissions) == 0 {
		wrong = append(wrong, "it does not limit the permissions of its token")
	}
	scripts := 0
	for name, job := range w.Jobs {
		if job.RunsOn == "" || job.Minutes == 0 {
			wrong = append(wrong, name+": says not where it runs or for how long")
		}
		for _, s := range job.Steps {
			switch {
			case s.Uses != "" && s.Run == "":
				if !strings.Contains(s.Uses, "@v") {
					wrong = append(wrong, name+": "+s.Uses+" names no version")
				}
			case script.MatchString(s.Run):
				scripts++
				path := filepath.Join(root, script.FindStringSubmatch(s.Run)[1])
				if info, err := os.Stat(path); err != nil || info.Mode()&0o111 == 0 {
					wrong = append(wrong, name+": "+path+" cannot be run")
				}
			default:
				wrong = append(wrong, name+": the step "+s.Run+" does more than to call a script of .ci")
			}
		}
	}
	if scripts == 0 {
		wrong = append(wrong, "it calls no script")
	}
	return wrong
}

func TestWrongWorkflows(t *testing.T) {
	t.Parallel()
	const head = "name: x\non: push\npermissions: {contents: read}\njobs:\n  a:\n    runs-on: u\n    timeout-minutes: 9\n    steps:\n"
	if wrong := check([]byte(head + "      - run: .ci/run\n")); len(wrong) > 0 {
		t.Errorf("a right one is refused: %v", wrong)
	}
	for _, steps := range []string{
		"      - run: .ci/no-such\n", "      - run: go test ./...\n", "      - run: .ci/run && rm -rf /\n", "      - uses: actions/checkout\n      - run: .ci/run\n", "      - runs: .ci/run\n",
	} {
		if len(check([]byte(head+steps))) == 0 {
			t.Errorf("accepted:\n%s", steps)
		}
	}
}
