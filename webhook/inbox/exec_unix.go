//go:build unix

package inbox

import (
	"os/exec"
	"syscall"
	"time"
)

// endingTime is how long processes that were asked to end may take.
const endingTime = 2 * time.Second

// processGroup is a command with what it started.
type processGroup struct {
	cmd   *exec.Cmd
	timer *time.Timer // kills those that were asked to end
}

// newProcessGroup gives a command that has not started a group of its own.
func newProcessGroup(cmd *exec.Cmd) *processGroup {
	g := &processGroup{cmd: cmd}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		g.timer = time.AfterFunc(endingTime, g.kill)
		return g.signal(syscall.SIGTERM)
	}
	return g
}

// signal sends a signal to the whole group.
func (g *processGroup) signal(s syscall.Signal) error {
	return syscall.Kill(-g.cmd.Process.Pid, s)
}

func (g *processGroup) started() error { return nil }

// kill ends what is left of the group. That nothing is left is not an error.
func (g *processGroup) kill() {
	if g.cmd.Process != nil {
		_ = g.signal(syscall.SIGKILL)
	}
}

func (g *processGroup) close() {
	if g.timer != nil {
		g.timer.Stop()
	}
}

// ownGroup keeps a command that has not started from the signals of the terminal.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
