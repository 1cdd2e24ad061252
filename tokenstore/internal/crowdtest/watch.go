package crowdtest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// watchedVariable names the environment variable of a test process whose output
// is watched.
const watchedVariable = "TTSHOP_CROWDTEST_WATCHED"

// secrets matches what the tests plant and the sandbox issues: none of it may ever
// be written.
var secrets = regexp.MustCompile(`planted-|sandbox-secret-|\b(ROW|GCP|TTP)_[0-9A-Za-z_-]{40,}`)

// watched runs the tests in a process of their own and searches everything it
// writes, including panics and the runtime's messages.
func watched(m *testing.M) int {
	if os.Getenv(watchedVariable) != "" || fuzzing() {
		return m.Run()
	}
	var output bytes.Buffer
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), watchedVariable+"=1")
	all := io.MultiWriter(os.Stdout, &output)
	cmd.Stdout, cmd.Stderr = all, all // one writer: exec then keeps the order
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Println("run the tests:", err)
		return 1
	}
	if found := secrets.FindIndex(output.Bytes()); found != nil {
		line := 1 + bytes.Count(output.Bytes()[:found[0]], []byte("\n"))
		fmt.Printf("FAIL: the output shows a secret in line %d\n", line)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// fuzzing reports whether this process fuzzes: its workers talk over files
// that they inherit.
func fuzzing() bool {
	for _, arg := range os.Args[1:] {
		if strings.HasPrefix(strings.TrimLeft(arg, "-"), "test.fuzz") {
			return true
		}
	}
	return false
}
