package platform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
)

// Programs finds the programs that come with ttshop. They carry what is too heavy
// for ttshop itself: a release has them beside it.
type Programs struct {
	Environ func() []string
	Err     io.Writer // where people are told what takes long

	// Beside is the folder that ttshop is in; by default that of the running file.
	Beside string
	// Cache is the folder for programs that were built here; by default the user's.
	Cache string
}

// packages says where the programs' sources are.
var packages = map[string]string{
	"ttshop-inbox": "github.com/ttshop-go/ttshop/webhook/inbox/cmd/ttshop-inbox",
	"ttshop-sync":  "github.com/ttshop-go/ttshop/cmd/ttshop/ttshop-sync",
}

// Find returns the path of a program: beside ttshop, or along PATH. Whoever made
// ttshop with go can have its programs made too: if go is there, it builds the
// missing one, once.
func (p Programs) Find(ctx context.Context, name string) (string, error) {
	file := name
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	if path := filepath.Join(p.beside(), file); isFile(path) {
		return path, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	path, err := p.build(ctx, name, file)
	if err != nil {
		return "", fmt.Errorf("%s is missing: it comes with ttshop in every release; put it beside ttshop or into a folder of PATH, or install it with go install %s@v%s: %w",
			name, packages[name], ttshop.Version, err)
	}
	return path, nil
}

func (p Programs) beside() string {
	if p.Beside != "" {
		return p.Beside
	}
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	return filepath.Dir(self)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// build builds a program with the go command. A workspace or module that has its
// source decides; elsewhere the release of this version is taken.
func (p Programs) build(ctx context.Context, name, file string) (string, error) {
	pkg, ok := packages[name]
	if !ok {
		return "", errors.New("it cannot be built")
	}
	cache := p.Cache
	if cache == "" {
		folder, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find the cache: %w", err)
		}
		cache = filepath.Join(folder, "ttshop", "programs")
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("there is no go command to build it with")
	}
	here, err := p.run(ctx, goCommand, nil, "list", "-f", "{{if .Module}}{{.Module.Main}}{{end}}", pkg)
	if err == nil && strings.TrimSpace(here) == "true" {
		// Always: it takes no time unless the source has changed.
		path := filepath.Join(cache, "devel", file)
		p.tell(name, path)
		_, err := p.run(ctx, goCommand, nil, "build", "-o", path, pkg)
		return path, err
	}
	path := filepath.Join(cache, "v"+ttshop.Version, file)
	if isFile(path) {
		return path, nil
	}
	p.tell(name, path)
	_, err = p.run(ctx, goCommand, []string{"GOBIN=" + filepath.Dir(path)}, "install", pkg+"@v"+ttshop.Version)
	return path, err
}

// tell says that a program is being built where it was not before.
func (p Programs) tell(name, path string) {
	if !isFile(path) && p.Err != nil {
		fmt.Fprintf(p.Err, "ttshop: %s is not installed; building it with go, once, which takes half a minute\n", name)
	}
}

// run runs the go command, which learns no secret, and returns what it printed.
func (p Programs) run(ctx context.Context, goCommand string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, goCommand, args...)
	if p.Environ != nil {
		cmd.Env = slices.DeleteFunc(p.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "TTSHOP_") })
	}
	cmd.Env = append(cmd.Env, env...)
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %s", args[0], cmp.Or(strings.TrimSpace(errOut.String()), err.Error()))
	}
	return out.String(), nil
}
