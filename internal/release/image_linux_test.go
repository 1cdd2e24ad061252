package release

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var image = flag.Bool("image", false, "run what .ci/image has built")

// dockerfile is what the test takes from the last stage of the Dockerfile.
type dockerfile struct {
	from        string
	copies      [][2]string // from the context, or from another stage, and to
	env         []string
	uid, gid    uint32
	health, run []string
}

// readDockerfile reads the Dockerfile. An instruction that it does not know fails the
// test: what is tried would not be what is built.
func readDockerfile(t *testing.T) dockerfile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var d dockerfile
	list := func(text string) (words []string) {
		if err := json.Unmarshal([]byte(text), &words); err != nil {
			t.Fatalf("%s is not a list of words: a shell would have to run it, and there is none: %v", text, err)
		}
		return words
	}
	var entry []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		instruction, rest, _ := strings.Cut(line, " ")
		switch words := strings.Fields(rest); instruction {
		case "FROM":
			d = dockerfile{from: words[0]}
		case "COPY":
			if words[0] == "--from=certificates" { // of Alpine; here those of this machine
				words = words[1:]
			} else {
				words[0] = filepath.Join(root, words[0])
			}
			if len(words) != 2 {
				t.Fatalf("%s: the test copies one file to one place", line)
			}
			d.copies = append(d.copies, [2]string(words))
		case "ENV":
			d.env = append(d.env, words...)
		case "USER":
			if _, err := fmt.Sscanf(rest, "%d:%d", &d.uid, &d.gid); err != nil {
				t.Fatalf("%s: scratch has no names of users, only numbers: %v", line, err)
			}
		case "HEALTHCHECK":
			_, command, ok := strings.Cut(rest, " CMD ")
			if !ok {
				t.Fatalf("%s: has no CMD", line)
			}
			d.health = list(command)
		case "ENTRYPOINT":
			entry = list(rest)
		case "CMD":
			d.run = list(rest)
		case "RUN", "EXPOSE":
		default:
			t.Fatalf("the test does not know %s", instruction)
		}
	}
	d.run = append(entry, d.run...)
	return d
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	d := readDockerfile(t)
	if d.from != "scratch" || d.uid == 0 || d.gid == 0 || len(d.health) == 0 || len(d.run) == 0 {
		t.Errorf("the image is from %s, runs as %d:%d, its health check is %v and its command %v", d.from, d.uid, d.gid, d.health, d.run)
	}
	if !slices.ContainsFunc(d.copies, func(c [2]string) bool { return strings.HasSuffix(c[1], "/ca-certificates.crt") }) {
		t.Error("the image has no certificates of authorities")
	}
}

// TestImage runs the image's command on the image's files, and its health check.
func TestImage(t *testing.T) {
	if !*image {
		t.Skip(".ci/image builds what this runs")
	}
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI has to be root to change the root of the file system")
		}
		t.Skip("only root can change the root of the file system")
	}
	d := readDockerfile(t)
	base := t.TempDir()
	for _, c := range d.copies {
		data, err := os.ReadFile(c[0])
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(base, c[1])
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.Contains(c[1], "/bin/") {
			mode = 0o755
		}
		if err := os.WriteFile(to, data, mode); err != nil {
			t.Fatal(err)
		}
	}
	// Everyone on the way may pass, as in an image.
	for dir := base; strings.HasPrefix(dir, os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command := func(words []string) *exec.Cmd {
		for _, variable := range d.env {
			if folders, ok := strings.CutPrefix(variable, "PATH="); ok {
				for _, folder := range filepath.SplitList(folders) {
					path := filepath.Join(folder, words[0])
					if _, err := os.Stat(filepath.Join(base, path)); err == nil {
						words = append([]string{path}, words[1:]...)
					}
				}
			}
		}
		return &exec.Cmd{
			Path: words[0], Args: words, Dir: "/", Env: d.env,
			SysProcAttr: &syscall.SysProcAttr{Chroot: base, Credential: &syscall.Credential{Uid: d.uid, Gid: d.gid}, Pdeathsig: syscall.SIGKILL},
		}
	}
	// Another sandbox on this machine may have the image's port.
	port := freePort(t)
	moved := func(words []string) []string {
		words = slices.Clone(words)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "8089", port)
		}
		return words
	}

	version := command([]string{"ttshop", "version"})
	if out, err := version.CombinedOutput(); err != nil {
		t.Fatalf("ttshop version: %v\n%s", err, out)
	}
	if out, err := command(moved(d.health)).CombinedOutput(); err == nil {
		t.Fatalf("the health check says that what does not run is well: %s", out)
	}
	service := command(moved(d.run))
	var said bytes.Buffer
	service.Stdout, service.Stderr = &said, &said
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- service.Wait() }()
	deadline := time.Now().Add(30 * time.Second)
	for {
		out, err := command(moved(d.health)).CombinedOutput()
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			_ = service.Process.Kill()
			t.Fatalf("the health check: %v\n%s\nthe service says:\n%v\n%s", err, out, <-ended, said.String())
		}
		select {
		case err := <-ended:
			t.Fatalf("the service ended: %v\n%s", err, said.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	if err := service.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the service does not end well: %v\n%s", err, said.String())
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
